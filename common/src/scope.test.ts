import { expect, test } from '@jest/globals'
import { permits, type Scope, type TokenScope } from './scope.ts'

test.each<[TokenScope[] | undefined, Scope, string, boolean]>([
  [undefined, 'person', 'PUT', true],
  [['files'], 'files', 'PUT', true],
  [['files'], 'services', 'GET', false],
  [['files'], 'any', 'GET', true],
  [['files', 'read-only'], 'files', 'GET', true],
  [['files', 'read-only'], 'files', 'PUT', false],
  [['read-only'], 'files', 'GET', false],
  [['files', 'services', 'images', 'admin'], 'person', 'POST', false],
  [['admin'], 'admin', 'PATCH', true],
  [['admin', 'read-only'], 'admin', 'PATCH', false],
  [[], 'files', 'GET', false],
])('the scopes %j let somebody do what needs %s with %s: %s', (scopes, scope, method, expected) => {
  expect(permits(scopes, { scope, method })).toBe(expected)
})
