import { expect, test } from '@jest/globals'
import { createClient } from './client.ts'
import { awaitAddition, uploadImages } from './image-upload.ts'
import type { ImageAddition } from './images.ts'

const addition = (phase: ImageAddition['phase'], id = 'a'.repeat(20)): ImageAddition => ({
  ...{ id, from: { domain: 'local', path: 'app.tar' as never }, names: ['alice/app:1'], phase, createdAt: '', layers: [] },
  ...{ done: { bytes: 0 } },
})
const told = (...all: ImageAddition[]) =>
  all.map((one) => `data: ${JSON.stringify({ type: 'addition', addition: one })}\n\n`).join('')

/** A server that gives these answers to streams, one after the other, and notes all that it is asked. */
function setUp(...streams: (string | number)[]) {
  const asked: string[] = []
  const fetch = async (url: unknown, { method = 'GET', body }: RequestInit = {}) => {
    const { pathname, search } = new URL(String(url))
    asked.push(`${method} ${pathname}${search.replace(/[0-9a-f]{8}-/, '')}`)
    if (pathname.endsWith('/folders') || method === 'PUT') return Response.json({}, { status: 409 })
    if (method === 'POST') return Response.json({ ...addition('queued'), from: JSON.parse(String(body)).from }, { status: 202 })
    if (method === 'DELETE') return new Response(null, { status: 204 })
    if (!pathname.endsWith('/events')) return Response.json(addition('sending'))
    const next = streams.shift() ?? 404
    return typeof next === 'number' ? new Response('{}', { status: next }) : new Response(next)
  }
  return { asked, client: createClient({ url: 'https://k', fetch: fetch as typeof globalThis.fetch }) }
}
const id = 'a'.repeat(20)
const wait = async () => undefined
const signal = new AbortController().signal

test('an addition is followed to its end, through streams that break off', async () => {
  const { client } = setUp(told(addition('sending')), 503, told(addition('sending', 'b'.repeat(20)), addition('finished')))
  const phases: string[] = []
  const ended = await awaitAddition(client, id, { signal, wait, onChange: ({ phase }) => phases.push(phase) })
  expect([ended.phase, phases]).toEqual(['finished', ['sending', 'finished']])
})

test('one that failed says why', async () => {
  const { client } = setUp(told({ ...addition('failed'), detail: 'It is cut off.' }))
  await expect(awaitAddition(client, id, { signal, wait, onChange: () => undefined })).rejects.toThrow('It is cut off.')
})

test('one that is forgotten meanwhile is not waited for', async () => {
  const { client } = setUp(401)
  await expect(awaitAddition(client, id, { signal, wait, onChange: () => undefined })).rejects.toMatchObject({ status: 401 })
})

test('whoever goes away cancels it', async () => {
  const { client, asked } = setUp(told(addition('cancelled')))
  const gone = AbortSignal.abort()
  await expect(awaitAddition(client, id, { signal: gone, wait, onChange: () => undefined })).rejects.toThrow('It was cancelled.')
  expect(asked).toContain(`DELETE /api/images/additions/${id}`)
})

test('a file that cannot be sent begins no addition', async () => {
  const { client, asked } = setUp()
  const sending = uploadImages(
    client,
    { name: 'app.tar', bytes: new Uint8Array(3), adding: { overwrite: false } },
    { signal, onProgress: () => undefined },
  )
  await expect(sending).rejects.toMatchObject({ status: 409 })
  expect(asked.filter((one) => one.includes('additions'))).toEqual([])
})
