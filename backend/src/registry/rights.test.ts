import { expect, test } from '@jest/globals'
import type { TokenScope } from '@karvdash/common'
import { rightsOf } from './rights.ts'

test.each<['user' | 'admin', TokenScope[] | undefined, string, string[]]>([
  ['user', undefined, 'alice/app', ['pull', 'push']],
  ['user', ['images'], 'alice/app', ['pull', 'push']],
  ['user', ['images', 'read-only'], 'alice/app', ['pull']],
  ['user', ['files'], 'alice/app', []],
  ['admin', undefined, 'bob/app', ['pull', 'push', 'delete']],
  ['admin', ['images'], 'bob/app', ['pull']],
  ['admin', ['images', 'admin'], 'bob/app', ['pull', 'push', 'delete']],
  ['admin', ['images', 'admin', 'read-only'], 'bob/app', ['pull']],
])('a %s with the scopes %j may do with %s: %j', (role, scopes, repository, expected) => {
  expect(rightsOf({ user: 'alice', role, scopes }, repository, true)).toEqual(expected)
})
