import { describe, expect, test } from '@jest/globals'
import { askedOf, isEnough } from './asked.ts'

const sha = `sha256:${'a'.repeat(64)}`
const asked = (line: string) => {
  const [method = '', target = ''] = line.split(' ')
  const [path = '', query = ''] = target.split('?')
  return askedOf(method, path, new URLSearchParams(query))
}

test.each([
  ['GET /v2/a/b/manifests/latest', 'repository:a/b:pull'],
  [`HEAD /v2/a/b/manifests/${sha}`, 'repository:a/b:pull'],
  ['PUT /v2/a/b/manifests/1.0', 'repository:a/b:pull,push'],
  [`DELETE /v2/a/b/manifests/${sha}`, 'repository:a/b:delete'],
  [`GET /v2/a/b/c/blobs/${sha}`, 'repository:a/b/c:pull'],
  ['POST /v2/a/b/blobs/uploads/', 'repository:a/b:pull,push'],
  [`POST /v2/a/b/blobs/uploads/?mount=${sha}&from=c/d`, 'repository:a/b:pull,push repository:c/d:pull'],
  ['PATCH /v2/a/b/blobs/uploads/xyz', 'repository:a/b:pull,push'],
  ['GET /v2/a/b/blobs/uploads/xyz', 'repository:a/b:pull,push'],
  ['DELETE /v2/a/b/blobs/uploads/xyz', 'repository:a/b:pull,push'],
  ['GET /v2/a/b/tags/list?n=5', 'repository:a/b:pull'],
  [`GET /v2/a/b/referrers/${sha}`, 'repository:a/b:pull'],
  ['GET /v2/_catalog', 'registry:catalog:*'],
])('%s takes %s', (line, access) => {
  const found = asked(line)?.access.map(({ type, name, actions }) => `${type}:${name}:${actions.join(',')}`)
  expect(found?.join(' ')).toBe(access)
})

test('parameters that registries do not know stay behind', () => {
  expect(asked('GET /v2/a/b/tags/list?n=5&last=x&admin=1')?.query.toString()).toBe('n=5&last=x')
})

describe('attack:', () => {
  test.each([
    'GET /v2/a/b/../../c/d/manifests/1',
    'GET /v2/a%2fb/c/manifests/1',
    'GET /v2/a/b/manifests/../../../admin',
    'GET /v2/a/b/manifests/1%2f..%2f..',
    'GET /v2/a//b/manifests/1',
    'GET /v2/A/b/manifests/1',
    'POST /v2/a/b/manifests/1',
    'PUT /v2/a/b/blobs/sha256:x/y',
    `POST /v2/a/b/blobs/uploads/?mount=${sha}&from=../c`,
    'GET /v2/a/b/blobs/uploads/x/../../y',
    'GET /api/v2.0/projects',
    'DELETE /v2/_catalog',
    'GET /v2/',
    'TRACE /v2/a/b/manifests/1',
  ])('%s goes nowhere', (line) => {
    expect(asked(line)).toBeUndefined()
  })

  test('what is granted for one thing is not for another', () => {
    const granted = [{ type: 'repository', name: 'a/b', actions: ['pull'] }]
    expect(isEnough(granted, granted)).toBe(true)
    expect(isEnough(granted, [{ type: 'repository', name: 'a/b', actions: ['pull', 'push'] }])).toBe(false)
    expect(isEnough(granted, [{ type: 'repository', name: 'a/c', actions: ['pull'] }])).toBe(false)
    expect(isEnough([{ type: 'registry', name: 'a/b', actions: ['pull'] }], granted)).toBe(false)
    expect(isEnough([], granted)).toBe(false)
  })
})
