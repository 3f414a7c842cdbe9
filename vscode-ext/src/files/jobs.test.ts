import { expect, test } from '@jest/globals'
import { createClient, FilePath, type Job, type JobPhase } from '@karvdash/common'
import { runJob } from './jobs.ts'

const id = '0123456789abcdef0123'
const path = (text: string) => FilePath.parse(text)
const place = { domain: 'local' as const, path: path('a') }
const job = (phase: JobPhase, bytes = 0): Job => ({
  ...{ id, kind: 'copy', entries: [place], to: { domain: 'shared', path: path('') }, phase },
  ...{ createdAt: '2026-11-22T03:36:22.000Z', done: { entries: 0, bytes }, total: { entries: 1, bytes: 100 }, dropped: 0 },
})

/** A server whose streams each tell one of these lists of jobs, or refuse with a status. */
function setUp(begun: Job, streams: (Job[] | number)[], found: Job | number = begun) {
  const asked: string[] = []
  const progress: number[] = []
  const end = new AbortController()
  const fetch = async (address: unknown, { method }: RequestInit = {}) => {
    const { pathname } = new URL(String(address))
    asked.push(`${method} ${pathname.replace(id, 'id')}`)
    if (method === 'POST') return Response.json(begun, { status: 202 })
    if (method === 'DELETE') return new Response(null, { status: 204 })
    const answer = pathname.endsWith('/events') ? (streams.shift() ?? 401) : found
    if (typeof answer === 'number') return new Response('{}', { status: answer })
    if (!Array.isArray(answer)) return Response.json(answer)
    return new Response(answer.map((one) => `data: ${JSON.stringify({ type: 'job', job: one })}\n\n`).join(''))
  }
  const client = createClient({ url: 'https://k', fetch: fetch as typeof globalThis.fetch })
  const run = () =>
    runJob(
      client,
      { kind: 'copy', entries: [place], to: { domain: 'shared', path: path('') }, onConflict: 'refuse' },
      {
        signal: end.signal,
        onProgress(done) {
          progress.push(done)
          if (done === 66) end.abort()
        },
        wait: async () => undefined,
      },
    )
  return { run, asked, progress }
}

test('what is done in the answer already is waited for no more', async () => {
  const { run, asked } = setUp(job('finished'), [])
  expect(await run()).toMatchObject({ phase: 'finished' })
  expect(asked).toEqual(['POST /api/storage/jobs'])
})

test('a job is followed until it is over, over connections that are lost', async () => {
  const other = { ...job('finished', 99), id: 'ffffffffffffffffffff' }
  const { run, progress } = setUp(job('queued'), [[other, job('copying', 10)], 503, [job('copying', 50), job('finished', 100)]])
  expect(await run()).toMatchObject({ phase: 'finished' })
  expect(progress).toEqual([10, 50, 100])
})

test('a job that failed says why', async () => {
  const failed = { ...job('failed'), detail: 'The disk is full.' }
  await expect(setUp(job('queued'), [[failed]]).run()).rejects.toMatchObject({ detail: 'The disk is full.' })
})

test('who cancels has it cancelled at the server', async () => {
  const { run, asked } = setUp(job('queued'), [[job('copying', 66), job('cancelled')]])
  await expect(run()).rejects.toMatchObject({ status: 409 })
  expect(asked).toContain('DELETE /api/storage/jobs/id')
})

test('a job that nobody knows any more is waited for no more', async () => {
  await expect(setUp(job('queued'), [[]], 404).run()).rejects.toMatchObject({ status: 404 })
})
