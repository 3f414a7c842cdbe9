import { describe, expect, test } from '@jest/globals'
import { granted, type Holder } from './grants.ts'
import { scopesOf } from './scopes.ts'

const alice: Holder = { user: 'alice', role: 'user', may: ['pull', 'push', 'delete'], catalogue: true }
const admin: Holder = { ...alice, user: 'root', role: 'admin' }
const reading: Holder = { ...alice, may: ['pull'] }
const readingAdmin: Holder = { ...admin, may: ['pull'] }
const pods: Holder = { ...reading, catalogue: false }
const shared = new Set(['library/there'])

async function given(holder: Holder, ...parameters: string[]) {
  const access = await granted(holder, scopesOf(parameters), async (name) => shared.has(name))
  return access.map(({ type, name, actions }) => `${type}:${name}:${actions.join(',')}`)
}

const all = '*'
const both = 'pull,push'

test.each<[string, Holder, string, string[]]>([
  ['their own', alice, `repository:alice/app:${both}`, ['repository:alice/app:pull,push']],
  ['their own, deeper', alice, `repository:alice/tools/app:${both}`, ['repository:alice/tools/app:pull,push']],
  ['all of their own, which is no deletion', alice, `repository:alice/app:${all}`, ['repository:alice/app:pull,push']],
  ['another’s to read', alice, `repository:bob/app:${both}`, ['repository:bob/app:pull']],
  ['a shared name that is not there', alice, `repository:library/fresh:${both}`, ['repository:library/fresh:pull,push']],
  ['a shared name that is there', alice, `repository:library/there:${both}`, ['repository:library/there:pull']],
  ['the platform’s', alice, `repository:karvdash/backend:${both}`, ['repository:karvdash/backend:pull']],
  ['to delete their own', alice, 'repository:alice/app:delete', []],
  ['to delete, as an admin', admin, `repository:bob/app:${all}`, ['repository:bob/app:pull,push,delete']],
  ['a shared name that is there, as an admin', admin, `repository:library/there:${both}`, ['repository:library/there:pull,push']],
  ['to push with a token for reading', reading, `repository:alice/app:${both}`, ['repository:alice/app:pull']],
  ['to delete with an admin’s token for reading', readingAdmin, `repository:bob/app:${all}`, ['repository:bob/app:pull']],
  ['to push as pods', pods, `repository:alice/app:${both}`, ['repository:alice/app:pull']],
  ['the catalogue', alice, 'registry:catalog:*', ['registry:catalog:*']],
  ['the catalogue as pods', pods, 'registry:catalog:*', []],
  ['something else of the registry', admin, 'registry:keys:*', []],
  ['a type that nobody knows', admin, 'repositories:alice/app:pull', []],
  ['actions that nobody knows', alice, 'repository:alice/app:pull,rule', ['repository:alice/app:pull']],
  ['a class', alice, 'repository(plugin):alice/app:pull', ['repository:alice/app:pull']],
  ['nothing', alice, '', []],
  [
    'several, in one parameter',
    alice,
    'repository:alice/app:push repository:bob/app:pull',
    ['repository:alice/app:push', 'repository:bob/app:pull'],
  ],
])('asking for %s', async (_, holder, asked, expected) => {
  expect(await given(holder, asked)).toEqual(expected)
})

test('several parameters are several scopes', async () => {
  const asked = ['repository:alice/app:pull,push', 'repository:bob/base:pull']
  expect(await given(alice, ...asked)).toEqual(asked)
})

describe('attack:', () => {
  test.each([
    'repository:alice/../bob/app:push',
    'repository:alice/app/../../bob/app:push',
    'repository:Alice/app:push',
    'repository:alice:push',
    'repository:alice/:push',
    'repository:/alice/app:push',
    'repository:alice//app:push',
    'repository:alice%2fapp:push',
    'repository:evil.example.org:5000/alice/app:push',
    'repository:alice/app\u0000:push',
    `repository:alice/${'a'.repeat(300)}:push`,
    'repository:alice/app',
    'repository::push',
    '::',
    ':',
  ])('the scope %j gives nothing', async (scope) => {
    expect(await given(alice, scope)).toEqual([])
  })

  test('more than twenty scopes are refused, however they are sent', () => {
    const many = Array.from({ length: 21 }, (_, n) => `repository:alice/a${n}:pull`)
    expect(() => scopesOf(many)).toThrow(expect.objectContaining({ status: 400 }))
    expect(() => scopesOf([many.join(' ')])).toThrow(expect.objectContaining({ status: 400 }))
    expect(scopesOf(many.slice(1))).toHaveLength(20)
  })

  test('whether a name is there is asked of the registry for shared names that are to be pushed, and of no others', async () => {
    const asked: string[] = []
    const isThere = async (name: string) => asked.push(name) > 0
    const scopes = ['alice/app:push', 'bob/app:push', 'library/app:pull', 'library/new:push'].map(
      (scope) => `repository:${scope}`,
    )
    await granted(alice, scopesOf(scopes), isThere)
    await granted(admin, scopesOf(scopes), isThere)
    await granted(pods, scopesOf(scopes), isThere)
    expect(asked).toEqual(['library/new'])
  })
})
