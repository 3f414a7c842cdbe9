import { expect, test } from '@jest/globals'
import { ConnectionError, isAway, isConflict, isGone, KubeError } from './errors.ts'
import { pathTo, resources } from './resources.ts'

test.each([
  [resources.secrets, { namespace: 'a', name: 'b' }, '/api/v1/namespaces/a/secrets/b'],
  [resources.secrets, {}, '/api/v1/secrets'],
  [resources.namespaces, { name: 'a' }, '/api/v1/namespaces/a'],
  [resources.users, { name: 'a', subresource: 'status' }, '/apis/karvdash.io/v1/users/a/status'],
  [resources.users, { namespace: 'left-out', name: 'a' }, '/apis/karvdash.io/v1/users/a'],
  [resources.secrets, { namespace: 'a', name: 'b/c?d#e%2f' }, '/api/v1/namespaces/a/secrets/b%2Fc%3Fd%23e%252f'],
])('the path to %j at %j', (resource, place, path) => {
  expect(pathTo(resource, place)).toBe(path)
})

test.each(['', '.', '..'])('the name %j, which would lead to another object, is refused', (name) => {
  expect(() => pathTo(resources.secrets, { namespace: 'a', name })).toThrow('cannot be a name')
  expect(() => pathTo(resources.secrets, { namespace: name, name: 'a' })).toThrow('cannot be a name')
})

test.each([
  [new KubeError(500, undefined, 'GET'), true],
  [new KubeError(429, undefined, 'GET'), true],
  [new ConnectionError('GET', new Error('refused')), true],
  [new KubeError(403, undefined, 'GET'), false],
  [new Error('a bug'), false],
])('%s says that the API server is away: %s', (error, says) => {
  expect(isAway(error)).toBe(says)
})

test('what the API server answers is carried, whatever its body is', () => {
  const body = { reason: 'AlreadyExists', message: 'it exists', details: { retryAfterSeconds: 3 } }
  expect(new KubeError(409, body, 'POST')).toMatchObject({ message: 'it exists', reason: 'AlreadyExists', retryAfterSeconds: 3 })
  for (const odd of [undefined, null, 'text', [], { message: 5 }])
    expect(new KubeError(404, odd, 'GET /x').message).toBe('GET /x: HTTP 404')
  expect([isConflict(new KubeError(409, {}, '')), isGone(new KubeError(404, {}, '')), isGone(new Error('404'))]).toEqual([
    true,
    true,
    false,
  ])
})
