import { expect, test } from '@jest/globals'
import { imageRights } from './image-rights.ts'

const all = ['pull', 'push', 'delete']

test.each([
  ['alice', 'user', 'alice/app', true, ['pull', 'push']],
  ['alice', 'user', 'alice/deep/app', false, ['pull', 'push']],
  ['alice', 'user', 'bob/app', false, ['pull']],
  ['alice', 'user', 'alicea/app', false, ['pull']],
  ['alice', 'user', 'ali/app', false, ['pull']],
  ['alice', 'user', 'library/tool', false, ['pull', 'push']],
  ['alice', 'user', 'library/tool', true, ['pull']],
  ['alice', 'user', 'karvdash/backend', false, ['pull']],
  ['alice', 'user', 'alice', false, ['pull', 'push']],
  ['', 'user', '/app', false, ['pull']],
  ['..', 'user', '../app', false, ['pull']],
  ['root', 'admin', 'bob/app', true, all],
  ['root', 'admin', 'library/tool', true, all],
  ['root', 'admin', 'karvdash/backend', true, all],
] as const)('%s, as %s, in %s (there: %s) may %j', (user, role, repository, isThere, rights) => {
  expect(imageRights({ user, role }, repository, isThere)).toEqual(rights)
})
