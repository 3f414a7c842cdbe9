import { describe, expect, test } from '@jest/globals'
import {
  hostLabel,
  isReservedUserName,
  longestServiceName,
  namespaceOf,
  ownerOf,
  ServiceName,
  splitHostLabel,
  TemplateId,
  UserName,
} from './names.ts'

describe('a username', () => {
  test.each(['a', 'alice', 'a1', 'x'.repeat(30)])('may be %s', (name) => expect(UserName.safeParse(name).success).toBe(true))

  test.each(['', '1a', 'Alice', 'a-b', 'a_b', 'a.b', 'a b', 'a\n', 'älice', 'x'.repeat(31), '../a', 'a/b', 'a\0'])(
    'may not be %j',
    (name) => {
      expect(UserName.safeParse(name).success).toBe(false)
    },
  )

  test('is reserved where the platform, or a host, uses it', () => {
    for (const name of [
      'karvdash',
      'system',
      'admin',
      'root',
      'shared',
      'local',
      'remote',
      'public',
      'registry',
      'default',
      'kube',
    ])
      expect(isReservedUserName(name)).toBe(true)
    expect(isReservedUserName('alice')).toBe(false)
  })
})

describe('a service name', () => {
  test.each(['a', 'lab', 'my-lab-2', 'x'.repeat(62)])('may be %s', (name) =>
    expect(ServiceName.safeParse(name).success).toBe(true),
  )

  test.each(['', '-a', 'a-', '1a', 'A', 'a.b', 'a_b', 'a/b', 'a\n', 'x'.repeat(63)])('may not be %j', (name) => {
    expect(ServiceName.safeParse(name).success).toBe(false)
  })

  test('a template id has at most 40 characters', () => {
    expect(TemplateId.safeParse('x'.repeat(40)).success).toBe(true)
    expect(TemplateId.safeParse('x'.repeat(41)).success).toBe(false)
  })
})

describe('a namespace', () => {
  test('is the one of its user and nobody else’s', () => {
    expect(ownerOf(namespaceOf('alice'))).toBe('alice')
  })

  test.each([
    'karvdash',
    'karvdash-',
    'karvdash-a-b',
    'karvdash-Alice',
    'karvdash-1',
    'kube-system',
    'xkarvdash-alice',
    'karvdash-alice\n',
    '',
  ])('%j is no user’s', (namespace) => expect(ownerOf(namespace)).toBeUndefined())
})

describe('a host label', () => {
  test.each([
    ['lab', 'alice'],
    ['my-lab', 'alice'],
    ['hello-bob', 'alice'],
    ['x'.repeat(longestServiceName('alice')), 'alice'],
  ])('of %s and %s is split into just these', (service, user) => {
    expect(splitHostLabel(hostLabel(service, user))).toEqual({ service, user })
  })

  test('is never the one of two different owners', () => {
    const owners = ['a', 'a-b', 'a-b-c'].flatMap((service) => ['b', 'c', 'abc'].map((user) => hostLabel(service, user)))
    expect(new Set(owners).size).toBe(owners.length)
  })

  test.each(['', '-', 'lab', 'lab-', '-alice', 'lab--alice', 'Lab-alice', 'lab-Alice', 'lab.x-alice', `${'x'.repeat(58)}-alice`])(
    '%j is nobody’s',
    (label) => {
      expect(splitHostLabel(label)).toBeUndefined()
    },
  )
})
