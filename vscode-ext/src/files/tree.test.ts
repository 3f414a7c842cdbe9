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
let watched: string[]

beforeEach(() => {
  now = 0
  asked = []
  changes = []
  pageSize = 1000
  failure = undefined
  watched = []
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
    { onChange: (found) => changes.push(...found), now: () => now, isWatched: (at) => watched.includes(at), mostEntries: 1500 },
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

  test('tell what comes from what is there', async () => {
    await tree.entries(rootPath)
    expect(tree.isKnown(path('a.txt'))).toBe(true)
    expect(tree.isKnown(path('new.txt'))).toBe(false)
    tree.put(path('new.txt'), file('new.txt'))
    expect(tree.isKnown(path('new.txt'))).toBe(true)
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

/** Lets all that is under way come to its end: nothing here waits for a clock. */
const settled = () => new Promise((resolve) => setTimeout(resolve))

test('who asks for a fresh entry is not given what was asked for before', async () => {
  const answers: ((entry: Entry) => void)[] = []
  const slow = new Tree({ list: async () => ({ items: [] }), stat: () => new Promise((resolve) => answers.push(resolve)) })
  const found = [slow.freshEntry(path('a.txt'))]
  await settled()
  found.push(slow.freshEntry(path('a.txt')))
  for (const etag of ['"1"', '"2"']) {
    await settled()
    answers.shift()?.(file('a.txt', etag))
  }
  expect((await Promise.all(found)).map(({ etag }) => etag)).toEqual(['"1"', '"2"'])
})

describe('a folder that is watched', () => {
  beforeEach(async () => {
    watched = ['']
    await tree.entries(rootPath)
    asked = []
  })

  test('is asked for no more, however long', async () => {
    now += 1e9
    expect(await isThere('a.txt')).toBe(true)
    expect(await isThere('b.txt')).toBe(false)
    await tree.entries(rootPath)
    expect(asked).toEqual([])
  })

  test('has only those names asked for that changed, and each change told', async () => {
    stored.set('', [file('a.txt', '"2"'), file('new.txt')])
    tree.hear(rootPath, ['a.txt', 'src', 'new.txt', 'other'])
    await settled()
    expect(asked).toEqual(['stat /a.txt', 'stat /src', 'stat /new.txt', 'stat /other'])
    expect(changes).toEqual([
      { path: 'a.txt', type: 'changed' },
      { path: 'src', type: 'deleted' },
      { path: 'new.txt', type: 'created' },
    ])
    expect((await tree.entries(rootPath)).map(({ name }) => name)).toEqual(['a.txt', 'new.txt'])
  })

  test('is listed again where nobody knows what changed', async () => {
    stored.set('', [file('a.txt', '"2"')])
    tree.hear(rootPath)
    await settled()
    expect(asked).toEqual(['list /'])
    expect(changes).toEqual([
      { path: 'a.txt', type: 'changed' },
      { path: 'src', type: 'deleted' },
    ])
  })

  test('does not tell what we did ourselves, before the answer to it or after', async () => {
    await tree.during(path('mine.txt'), async () => {
      stored.get('')?.push(file('mine.txt'))
      tree.hear(rootPath, ['mine.txt'])
      await settled()
      tree.put(path('mine.txt'), file('mine.txt'))
    })
    await settled()
    tree.hear(rootPath, ['mine.txt'])
    await settled()
    expect(changes).toEqual([])
  })

  test('that another one took the place of is looked at again', async () => {
    await tree.entries(path('src'))
    stored.set('src', [file('other.ts')])
    expect(await tree.isGone(path('src'))).toBe(false)
    expect(changes).toEqual([
      { path: 'src/other.ts', type: 'created' },
      { path: 'src/b.ts', type: 'deleted' },
    ])
    stored.set('', [file('a.txt')])
    expect(await tree.isGone(path('src'))).toBe(true)
    expect(changes.at(-1)).toEqual({ path: 'src', type: 'deleted' })
  })

  test('that is very large has an entry asked for after a while: of these, what is written may not be told', async () => {
    stored.set(
      '',
      Array.from({ length: 1001 }, (_, index) => file(`f${index}`)),
    )
    pageSize = 5000
    tree.hear(rootPath)
    await settled()
    asked = []
    await isThere('f7')
    now += 16_000
    await isThere('f7')
    await tree.entries(rootPath)
    expect(asked).toEqual(['stat /f7'])
  })
})

test('who looks through large folders one after the other does not keep all of them', async () => {
  watched = ['', 'src', 'big']
  stored.set(
    'big',
    Array.from({ length: 1500 }, (_, index) => file(`f${index}`)),
  )
  pageSize = 5000
  await tree.entries(path('src'))
  await tree.entries(path('big'))
  await tree.entries(path('big'))
  await tree.entries(path('src'))
  expect(asked).toEqual(['list /src', 'list /big', 'list /src'])
})
