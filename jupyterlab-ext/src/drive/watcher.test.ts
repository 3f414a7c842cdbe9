import { beforeEach, expect, test } from '@jest/globals'
import { FilePath, type FolderNews } from '@karvdash/common'
import { FolderWatcher } from './watcher.ts'

interface Stream {
  paths: string[]
  tell: (news: FolderNews) => void
  onLive: (isLive: boolean) => void
  signal: AbortSignal
  refuse: () => void
}

let streams: Stream[]
let watcher: FolderWatcher
let changed: string[]

beforeEach(() => {
  streams = []
  changed = []
  watcher = new FolderWatcher(
    (paths, ears) => new Promise((_, reject) => streams.push({ paths, ...ears, refuse: () => reject(new Error('refused')) })),
  )
})

const one = {}
const other = {}
const show = (viewer: object, path: string) => watcher.show(viewer, { path, changed: () => changed.push(path) })
const open = () => streams.filter(({ signal }) => !signal.aborted).map(({ paths }) => paths)
const news = (path: string): FolderNews => ({ type: 'changed', path: FilePath.parse(path) })

test('one stream follows all folders that are shown, and only while somebody is signed in', () => {
  show(one, 'a')
  show(other, 'b')
  expect(open()).toEqual([])
  watcher.allow(true)
  expect(open()).toEqual([['a', 'b']])
  show(other, 'a')
  expect(open()).toEqual([['a']])
  watcher.show(one, undefined)
  expect(streams).toHaveLength(2)
  watcher.show(other, undefined)
  expect(open()).toEqual([])
})

test('what changes is told to who shows it, and nothing of a stream that is over', () => {
  watcher.allow(true)
  show(one, 'a')
  show(other, 'b')
  streams.at(-1)?.tell(news('b'))
  expect(changed).toEqual(['b'])
  streams[0]?.tell(news('a'))
  expect(changed).toEqual(['b'])
})

test('it says whether it is live, so that folders are looked at where it is not', async () => {
  watcher.allow(true)
  show(one, 'a')
  expect(watcher.isLive).toBe(false)
  streams[0]?.onLive(true)
  expect(watcher.isLive).toBe(true)
  streams[0]?.refuse()
  await new Promise((resolve) => setTimeout(resolve))
  expect(watcher.isLive).toBe(false)
  watcher.allow(true)
  expect(streams).toHaveLength(2)
})
