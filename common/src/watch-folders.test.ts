import { expect, test } from '@jest/globals'
import { createClient } from './client.ts'
import { type FolderNews, watchFolders } from './watch-folders.ts'

const entry = { name: 'b', type: 'folder', size: 0, modified: 1, created: 1, etag: '"1"', writable: true }
const ready = { type: 'ready', id: 'x-0' }

/** A server that answers with one of these after the other, each a stream of events or a status; then it is signed out of. */
function setUp(answers: (object[] | number)[], missing: string[] = []) {
  const sent: { paths: string[]; id: string | undefined }[] = []
  const told: FolderNews[] = []
  const waits: number[] = []
  const live: boolean[] = []
  const fetch = async (address: unknown, init: RequestInit = {}) => {
    const url = new URL(String(address))
    if (url.pathname.endsWith('/entry'))
      return missing.includes(url.searchParams.get('path') ?? '') ? new Response('{}', { status: 404 }) : Response.json(entry)
    sent.push({ paths: url.searchParams.getAll('path'), id: (init.headers as Record<string, string>)['last-event-id'] })
    const answer = answers.shift() ?? 401
    if (typeof answer === 'number') return new Response('{}', { status: answer })
    return new Response(answer.map((event) => `: still here\n\nid: 1\ndata: ${JSON.stringify(event)}\n\n`).join(''))
  }
  const client = createClient({ url: 'https://k', fetch: fetch as typeof globalThis.fetch })
  const run = (paths: string[]) =>
    watchFolders(client, {
      ...{ domain: 'local', paths, signal: new AbortController().signal },
      tell: (news) => told.push(news),
      onLive: (isLive) => live.push(isLive),
      wait: async (ms) => void waits.push(ms),
    })
  return { run, sent, told, waits, live }
}

test('each folder is to be listed first, and then what changes in it is told', async () => {
  const { run, told, sent } = setUp([[ready, { type: 'changed', id: 'x-1', path: 'b', names: ['n'] }]])
  await expect(run(['a', 'b'])).rejects.toMatchObject({ status: 401 })
  expect(told).toEqual([
    { type: 'changed', path: 'a' },
    { type: 'changed', path: 'b' },
    { type: 'changed', path: 'b', names: ['n'] },
  ])
  expect(sent[0]).toEqual({ paths: ['a', 'b'], id: undefined })
})

test('it comes back with the last id; only where something was missed the folders are listed again', async () => {
  const { run, told, sent } = setUp([[ready], [{ type: 'ready', id: 'x-0' }], 503, [{ type: 'reset', id: 'y-0' }]])
  await expect(run(['a'])).rejects.toMatchObject({ status: 401 })
  expect(sent.map(({ id }) => id)).toEqual([undefined, 'x-0', 'x-0', 'x-0', 'y-0'])
  expect(told).toHaveLength(2)
})

test('it tells whether all that happens is told', async () => {
  const { run, live } = setUp([[ready, { type: 'changed', id: 'x-1', path: 'a' }], 503, 503, [{ type: 'reset', id: 'y-0' }]])
  await expect(run(['a'])).rejects.toMatchObject({ status: 401 })
  expect(live).toEqual([true, false, true, false])
})

test('it waits ever longer while it is refused', async () => {
  const { run, waits } = setUp([503, 429, 503, 503])
  await expect(run(['a'])).rejects.toMatchObject({ status: 401 })
  expect(waits.map((ms, failures) => ms >= 500 * 2 ** failures && ms <= 1000 * 2 ** failures)).toEqual([true, true, true, true])
})

test('a folder that is gone takes no other with it', async () => {
  const { run, told, sent } = setUp([404, [ready, { type: 'gone', id: 'x-1', path: 'c' }]], ['a'])
  await expect(run(['a', 'b', 'c'])).rejects.toMatchObject({ status: 401 })
  expect(sent.map(({ paths }) => paths)).toEqual([['a', 'b', 'c'], ['b', 'c'], ['b']])
  expect(told.filter(({ type }) => type === 'gone')).toEqual([
    { type: 'gone', path: 'a' },
    { type: 'gone', path: 'c' },
  ])
})

test('it ends when no folder is left', async () => {
  const { run, sent } = setUp([[ready, { type: 'gone', id: 'x-1', path: 'a' }]])
  await run(['a'])
  expect(sent).toHaveLength(1)
})
