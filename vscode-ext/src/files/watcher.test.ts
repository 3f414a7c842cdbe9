import { beforeEach, describe, expect, test } from '@jest/globals'
import { FilePath, mostWatched } from '@karvdash/common'
import { type Following, Watcher } from './watcher.ts'

const path = (text: string) => FilePath.parse(text)

let streams: (Following & { paths: string[]; ready(): void; fail(): void })[]
let told: string[]
let due: (() => void) | undefined
let watcher: Watcher

beforeEach(() => {
  streams = []
  told = []
  due = undefined
  watcher = new Watcher({
    follow: (paths, following) =>
      new Promise<void>((_, reject) => {
        const ready = () => {
          following.onLive(true)
          for (const one of paths) following.tell({ type: 'changed', path: one })
        }
        streams.push({ ...following, paths, ready, fail: () => reject(new Error('refused')) })
      }),
    changed: (at, names) => told.push(`${at}: ${names ?? 'anything'}`),
    gone: (at) => told.push(`${at} is gone`),
    soon: (act) => {
      due = act
      return () => (due = undefined)
    },
  })
  watcher.start()
})

/** Shows folders; what that leads to happens at once. */
function show(...paths: string[]): void {
  for (const one of paths) watcher.show(path(one))
  const act = due
  due = undefined
  act?.()
}
const stream = (index: number) => {
  const found = streams[index]
  if (!found) throw new Error(`There is no stream ${index}`)
  return found
}
const covered = (...paths: string[]) => paths.map((one) => watcher.covers(path(one)))

test('folders in sight share one stream; all are to be looked at when it begins, and nothing covers them before', () => {
  show('a', 'b')
  expect(streams.map(({ paths }) => paths)).toEqual([['a', 'b']])
  expect(covered('a', 'b')).toEqual([false, false])
  stream(0).ready()
  expect(told).toEqual(['a: anything', 'b: anything'])
  expect(covered('a', 'b', 'c')).toEqual([true, true, false])
})

test('what was in sight already needs no other stream', () => {
  show('a', 'b')
  stream(0).ready()
  show('b')
  expect(streams).toHaveLength(1)
})

test('a folder that comes into sight is added without a gap, and without looking at the others again', () => {
  show('a')
  stream(0).ready()
  show('b')
  expect(stream(0).signal.aborted).toBe(false)
  stream(0).tell({ type: 'changed', path: path('a'), names: ['x'] })
  told = []
  stream(1).ready()
  expect(told).toEqual(['b: anything'])
  expect(stream(0).signal.aborted).toBe(true)
  expect(covered('a', 'b')).toEqual([true, true])
})

test('a stream that is away covers nothing, and what takes over from it looks at everything', () => {
  show('a')
  stream(0).ready()
  stream(0).onLive(false)
  expect(covered('a')).toEqual([false])
  show('b')
  told = []
  stream(1).ready()
  expect(told).toEqual(['a: anything', 'b: anything'])
})

test('where the server knows no more what was missed, the folders are looked at again', () => {
  show('a')
  stream(0).ready()
  stream(0).ready()
  expect(told).toEqual(['a: anything', 'a: anything'])
})

test('names are handed on', () => {
  show('a')
  stream(0).ready()
  stream(0).tell({ type: 'changed', path: path('a'), names: ['x', 'y'] })
  expect(told.at(-1)).toBe('a: x,y')
})

test('a folder that is gone is told of, and keeps no stream from taking over', () => {
  show('a')
  stream(0).ready()
  show('b', 'c')
  stream(1).tell({ type: 'gone', path: path('c') })
  stream(1).ready()
  expect(told).toContain('c is gone')
  expect(stream(0).signal.aborted).toBe(true)
  show('a')
  expect(streams).toHaveLength(2)
})

test('no more folders are watched than one stream takes: those seen last', () => {
  show(...Array.from({ length: mostWatched + 3 }, (_, index) => `f${index}`))
  expect(stream(0).paths).toHaveLength(mostWatched)
  expect(stream(0).paths[0]).toBe('f3')
})

describe('stopping', () => {
  test('ends the streams, and starting watches what was in sight', () => {
    show('a')
    stream(0).ready()
    watcher.stop()
    expect(stream(0).signal.aborted).toBe(true)
    expect(covered('a')).toEqual([false])
    told = []
    stream(0).tell({ type: 'changed', path: path('a') })
    expect(told).toEqual([])
    watcher.start()
    show()
    expect(stream(1).paths).toEqual(['a'])
  })

  test('before a stream began begins none', () => {
    watcher.show(path('a'))
    watcher.stop()
    expect(due).toBeUndefined()
  })
})

test('a stream that is refused may be begun again', async () => {
  show('a')
  stream(0).fail()
  await new Promise((resolve) => setTimeout(resolve))
  show('a')
  expect(streams).toHaveLength(2)
})
