import { expect, test } from '@jest/globals'
import { FilePath, type FolderEvent } from '@karvdash/common'
import type { FolderListener } from '../filesystem/watched-folder.ts'
import { type Bounds, createFolderEvents } from './folder-events.ts'

const at = (path: string) => FilePath.parse(path)
const wide = { streams: 10, folders: 100 }

/** Folders of which the test says what happens, and a clock that it moves on. */
function setUp(bounds: Bounds = { ofUser: wide, inAll: wide }) {
  const listeners = new Map<string, FolderListener>()
  let timers: { act: () => void }[] = []
  const events = createFolderEvents({
    bounds,
    targetOf: async (user, domain, path) => ({ key: `${user}/${domain}/${path}`, hold: () => Promise.reject(new Error()) }),
    watches: {
      count: () => listeners.size,
      async watch({ key }, listener) {
        listeners.set(key, listener)
        return { [Symbol.dispose]: () => void listeners.delete(key) }
      },
    },
    after(_ms, act) {
      const timer = { act }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
  })
  const open = async (paths = [''], { lastEventId, user = 'alice' }: { lastEventId?: string; user?: string } = {}) => {
    const leaving = new AbortController()
    const watching = { user, domain: 'local', paths: paths.map(at), lastEventId } as const
    const stream = await events.open(watching, leaving.signal)
    const next = async (): Promise<FolderEvent> => (await stream.next()).value
    const leave = async () => {
      leaving.abort()
      while (!(await stream.next()).done);
    }
    return { first: await next(), next, leave, stream }
  }
  const change = (path: string, ...names: string[]) => listeners.get(`alice/local/${path}`)?.changed(names)
  const letTimePass = () => {
    for (const { act } of timers.splice(0)) act()
  }
  return { open, change, listeners, letTimePass }
}

test('a stream says that it is ready, and then what changes', async () => {
  const { open, change, listeners } = setUp()
  const { first, next } = await open(['a', 'b'])
  expect(first).toEqual({ type: 'ready', id: expect.stringMatching(/^[0-9a-f]{24}-0$/) })
  change('b', 'x')
  expect(await next()).toMatchObject({ type: 'changed', path: 'b', names: ['x'] })
  listeners.get('alice/local/a')?.changed('anything')
  const event = await next()
  expect([event.type, 'names' in event]).toEqual(['changed', false])
  listeners.get('alice/local/a')?.gone()
  expect(await next()).toMatchObject({ type: 'gone', path: 'a' })
})

test('who comes back with an id goes on after that event, and misses nothing', async () => {
  const { open, change } = setUp()
  const before = await open(['a'])
  change('a', '1')
  const { id } = await before.next()
  await before.leave()
  change('a', '2')
  const { first, next } = await open(['a'], { lastEventId: id })
  expect(first).toEqual({ type: 'ready', id })
  expect(await next()).toMatchObject({ names: ['2'] })
})

test('who comes back too late, to another replica or with other folders has to list again', async () => {
  const { open, letTimePass, listeners } = setUp()
  const before = await open(['a'])
  const { id } = before.first
  expect((await open(['b'], { lastEventId: id })).first.type).toBe('reset')
  expect((await open(['a'], { lastEventId: 'of-another-replica' })).first.type).toBe('reset')
  await before.leave()
  letTimePass()
  expect((await open(['a'], { lastEventId: id })).first.type).toBe('reset')
  expect(listeners.size).toBe(2)
})

test("attack: somebody else's id goes on with nothing of theirs", async () => {
  const { open, change } = setUp()
  const hers = await open(['a'])
  change('a', 'secret')
  const { first, stream } = await open(['a'], { lastEventId: hers.first.id, user: 'mallory' })
  expect(first.type).toBe('reset')
  const told = stream.next()
  change('a', 'more')
  expect(await Promise.race([told, new Promise((resolve) => setImmediate(resolve, 'nothing'))])).toBe('nothing')
})

test('who reads so slowly that something was lost has to list again', async () => {
  const { open, change } = setUp()
  const { next } = await open(['a'])
  for (let i = 0; i < 300; i++) change('a', `${i}`)
  expect((await next()).type).toBe('reset')
  change('a', 'after')
  expect(await next()).toMatchObject({ names: ['after'] })
})

test('who opens a stream anew takes the place of the connection that was lost', async () => {
  const { open } = setUp()
  const before = await open(['a'])
  const waiting = before.stream.next()
  await open(['a'], { lastEventId: before.first.id })
  expect(await waiting).toMatchObject({ done: true })
})

test('streams and folders are bounded, for one user and in all; what nobody reads any more makes room', async () => {
  const bounds = { ofUser: { streams: 2, folders: 3 }, inAll: { streams: 10, folders: 4 } }
  const { open, listeners } = setUp(bounds)
  const first = await open(['a'])
  await open(['b'])
  await expect(open(['c'])).rejects.toMatchObject({ status: 429 })
  await first.leave()
  await expect(open(['c', 'd', 'e'])).rejects.toMatchObject({ status: 429 })
  const third = await open(['c'])
  expect([...listeners.keys()].sort()).toEqual(['alice/local/b', 'alice/local/c'])
  await expect(open(['x', 'y', 'z'], { user: 'bob' })).rejects.toMatchObject({ status: 429 })
  await third.leave()
  await open(['x', 'y', 'z'], { user: 'bob' })
  expect(listeners.size).toBe(4)
})
