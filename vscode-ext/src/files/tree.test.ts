import { beforeEach, describe, expect, test } from '@jest/globals'
import { type Entry, FilePath, Problem, rootPath } from '@karvdash/common'
import { isMissing, missing } from './fault.ts'
import type { TreeChange } from './listings.ts'
import { Tree } from './tree.ts'

const path = (text: string) => FilePath.parse(text)
const file = (name: string, etag = '"1"'): Entry => ({
  name,
  type: 'file',
  size: 1,
  modified: 1,
  created: 1,
  etag,
  writable: true,
})
const folder = (name: string): Entry => ({ ...file(name), type: 'folder' })

let now: number
let asked: string[]
let stored: Map<string, Entry[]>
let changes: TreeChange[]
let pageSize: number
let failure: Problem | undefined
let tree: Tree

beforeEach(() => {
  now = 0
  asked = []
  changes = []
  pageSize = 1000
  failure = undefined
  stored = new Map([
    ['', [file('a.txt'), folder('src')]],
    ['src', [file('b.ts')]],
  ])
  tree = new Tree(
    {
      async list(at, cursor) {
        asked.push(`list /${at}`)
        if (failure) throw failure
        const all = stored.get(at)
        if (!all) throw missing(at)
        const from = Number(cursor ?? 0)
        const rest = from + pageSize < all.length
        return { items: all.slice(from, from + pageSize), next: rest ? String(from + pageSize) : undefined }
      },
      async stat(at) {
        asked.push(`stat /${at}`)
        const names = at.split('/')
        const found = stored.get(names.slice(0, -1).join('/'))?.find(({ name }) => name === names.at(-1))
        if (!found) throw missing(at)
        return found
      },
    },
    { onChange: (found) => changes.push(...found), now: () => now },
  )
})

const isThere = (at: string) =>
  tree.entry(path(at)).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false
      throw error
    },
  )

describe('what VS Code probes for', () => {
  test('costs one request, however much it is and however deep', async () => {
    const probes = [
      '.vscode/settings.json',
      '.vscode/tasks.json',
      '.mcp.json',
      '.git',
      '.git/config',
      '.claude/a/b/c',
      'a.txt',
      'a.txt/b',
    ]
    const found = await Promise.all([...probes, ...probes].map(isThere))
    expect(found).toEqual([...probes, ...probes].map((probe) => probe === 'a.txt'))
    await tree.entries(rootPath)
    await tree.entry(rootPath)
    expect(asked).toEqual(['list /'])
  })

  test('in a folder that is there costs one request for that folder', async () => {
    expect(await Promise.all(['src/b.ts', 'src/c.ts'].map(isThere))).toEqual([true, false])
    expect(await isThere('src/d/e.ts')).toBe(false)
    expect(asked).toEqual(['list /', 'list /src'])
  })

  test('is asked for anew after a while', async () => {
    expect(await isThere('new.txt')).toBe(false)
    stored.get('')?.push(file('new.txt'))
    expect(await isThere('new.txt')).toBe(false)
    now += 16_000
    expect(await isThere('new.txt')).toBe(true)
    expect(asked).toEqual(['list /', 'list /'])
  })
})

test('a failure that does not say "missing" is told to everybody who waits, and not remembered', async () => {
  failure = new Problem(503, 'Not available')
  await expect(Promise.all([isThere('a.txt'), isThere('b.txt')])).rejects.toMatchObject({ status: 503 })
  failure = undefined
  expect(await isThere('a.txt')).toBe(true)
})

test('a folder of several pages is listed whole for people, and by its first page for who asks for one entry', async () => {
  stored.set(
    '',
    ['a', 'b', 'c', 'd', 'e'].map((name) => file(name)),
  )
  pageSize = 2
  expect(await isThere('a')).toBe(true)
  expect(asked).toEqual(['list /'])
  expect(await isThere('e')).toBe(true)
  expect(await isThere('f')).toBe(false)
  expect(asked).toEqual(['list /', 'stat /e', 'stat /f'])
  expect((await tree.entries(rootPath)).map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e'])
})

describe('own changes', () => {
  test('are known without asking', async () => {
    await tree.entries(rootPath)
    tree.put(path('new.txt'), file('new.txt'))
    tree.drop(path('src'))
    expect(await isThere('new.txt')).toBe(true)
    expect(await isThere('src/b.ts')).toBe(false)
    expect(asked).toEqual(['list /'])
    expect(changes).toEqual([])
  })

  test('while a listing is on its way are not undone by it', async () => {
    const underWay = tree.entries(rootPath)
    tree.put(path('new.txt'), file('new.txt'))
    await underWay
    stored.get('')?.push(file('new.txt'))
    expect(await isThere('new.txt')).toBe(true)
    expect(changes).toEqual([])
  })

  test('make a folder where there was none', async () => {
    expect(await isThere('dir/x')).toBe(false)
    stored.set('dir', [file('x')])
    tree.drop(path('dir'))
    tree.put(path('dir'), folder('dir'))
    expect(await isThere('dir/x')).toBe(true)
  })
})

test('what others changed is told when a folder is listed again', async () => {
  await tree.entries(rootPath)
  stored.set('', [file('a.txt', '"2"'), file('c.txt')])
  now += 5000
  await tree.entries(rootPath)
  expect(changes).toEqual([
    { path: 'a.txt', type: 'changed' },
    { path: 'c.txt', type: 'created' },
    { path: 'src', type: 'deleted' },
  ])
})

test('what others changed is told when somebody looks again, in every folder that was listed', async () => {
  await Promise.all([tree.entries(rootPath), tree.entries(path('src'))])
  stored.set('', [file('a.txt'), folder('src'), file('c.txt')])
  stored.set('src', [file('b.ts', '"2"')])
  await tree.lookAgain()
  expect(changes).toEqual([
    { path: 'c.txt', type: 'created' },
    { path: 'src/b.ts', type: 'changed' },
  ])
  stored.delete('src')
  stored.set('', [file('a.txt')])
  await tree.lookAgain()
  expect(changes.slice(2)).toEqual([
    { path: 'src', type: 'deleted' },
    { path: 'c.txt', type: 'deleted' },
  ])
  asked = []
  await tree.lookAgain()
  expect(asked).toEqual(['list /'])
})

test('who asks for the same fresh entry shares one request', async () => {
  await Promise.all([tree.freshEntry(path('a.txt')), tree.freshEntry(path('a.txt'))])
  await tree.freshEntry(path('a.txt'))
  expect(asked).toEqual(['stat /a.txt', 'stat /a.txt'])
})
