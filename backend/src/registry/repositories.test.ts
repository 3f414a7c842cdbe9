import { expect, test } from '@jest/globals'
import { Problem } from '@karvdash/common'
import { type FakeRegistry, fakeRegistry } from './fake.ts'
import { createRepositories } from './repositories.ts'

const alice = { user: 'alice', role: 'user' } as const
const open = (registry: FakeRegistry, noted: string[] = []) => {
  const listeners: ((repository: string) => void)[] = []
  const onChange = (listener: (repository: string) => void) => {
    listeners.push(listener)
    return () => undefined
  }
  const { list } = createRepositories({ registry, book: { repositories: () => noted, onChange }, host: 'registry.example.org' })
  const change = (repository: string) => {
    for (const tell of listeners) tell(repository)
  }
  return { list, change }
}
const withImages = (...names: string[]) => {
  const registry = fakeRegistry()
  for (const name of names) registry.put(name, '1')
  return registry
}
const namesOf = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name)

test('repositories are told by name, a page at a time, with how many tags each has and what one may do', async () => {
  const registry = withImages('bob/b', 'alice/c', 'library/a', 'alice/a')
  registry.put('alice/c', '2')
  const { list } = open(registry)
  const first = await list(alice, { limit: 3 })
  expect(first).toMatchObject({ registry: 'registry.example.org', isWhole: true, next: expect.any(String) })
  expect(first.items).toEqual([
    { name: 'alice/a', tags: 1, mayPush: true, mayDelete: false },
    { name: 'alice/c', tags: 2, mayPush: true, mayDelete: false },
    { name: 'bob/b', tags: 1, mayPush: false, mayDelete: false },
  ])
  const second = await list({ user: 'root', role: 'admin' }, { limit: 3, cursor: first.next })
  expect(second).toMatchObject({ items: [{ name: 'library/a', tags: 1, mayPush: true, mayDelete: true }] })
  expect(second.next).toBeUndefined()
})

test('a repository without a tag is none, and a page is full without it', async () => {
  const registry = withImages('alice/a', 'alice/d', 'alice/e')
  for (const name of ['alice/b', 'alice/c']) registry.put(name, undefined)
  const { list } = open(registry)
  const page = await list(alice, { limit: 2 })
  expect(namesOf(page)).toEqual(['alice/a', 'alice/d'])
  expect(namesOf(await list(alice, { limit: 2, cursor: page.next }))).toEqual(['alice/e'])
})

test('a search finds what holds it, in letters of either case', async () => {
  const { list } = open(withImages('alice/tool', 'bob/toolbox', 'bob/other'))
  expect(namesOf(await list(alice, { limit: 10, search: ' TOOL ' }))).toEqual(['alice/tool', 'bob/toolbox'])
})

test('where the registry tells nobody its names, those are told that were noted', async () => {
  const registry = withImages('alice/a', 'bob/b')
  registry.repositories = async () => undefined
  const page = await open(registry, ['alice/a', 'alice/deleted']).list(alice, { limit: 10 })
  expect(page).toMatchObject({ isWhole: false, items: [{ name: 'alice/a' }] })
})

test('what was noted is told before the registry is asked for all names again', async () => {
  const registry = withImages('alice/a')
  const noted: string[] = []
  const { list, change } = open(registry, noted)
  expect(namesOf(await list(alice, { limit: 10 }))).toEqual(['alice/a'])
  registry.put('bob/b', '1')
  registry.put('alice/a', '2')
  noted.push('bob/b')
  change('alice/a')
  expect((await list(alice, { limit: 10 })).items).toMatchObject([
    { name: 'alice/a', tags: 2 },
    { name: 'bob/b', tags: 1 },
  ])
})

test.each([502, 503])('attack: a repository that the registry fails to tell of (%i) does not hide the others', async (status) => {
  const registry = withImages('alice/a', 'mallory/b', 'zoe/c')
  registry.before = (call) => {
    if (call === 'tags mallory/b') throw new Problem(status, 'No')
  }
  expect(namesOf(await open(registry).list(alice, { limit: 10 }))).toEqual(['alice/a', 'zoe/c'])
})

test('what the registry lists but does not show is left out; where it is away, nothing is told', async () => {
  const registry = withImages('alice/a', 'secret/b')
  registry.before = (call) => {
    if (call === 'tags secret/b') throw new Problem(403, 'Not allowed')
  }
  expect(namesOf(await open(registry).list(alice, { limit: 10 }))).toEqual(['alice/a'])
  registry.before = () => {
    throw new Problem(503, 'Not available')
  }
  await expect(open(registry).list(alice, { limit: 10 })).rejects.toMatchObject({ status: 503 })
})
