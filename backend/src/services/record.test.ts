import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import type { KubeObject } from '../kubernetes/objects.ts'
import { readableRecord } from './record.ts'
import { manifestOf, recordObject } from './recorded.ts'
import { authorizationOf, keptOf, secretObjectsOf, secretsObject } from './secrets.ts'

const configMap: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { text: 'hello', number: 1 } }
const draft = {
  ...{ name: 'lab', namespace: 'karvdash-alice', template: 'lab', digest: 'd', values: { a: 1 }, path: '/lab' },
  objects: [configMap, { ...configMap, kind: 'Secret' }],
}

/** A record as the API server gives it back. */
function stored(change: { metadata?: object; spec?: object; status?: unknown } = {}): KubeObject {
  const record = recordObject(draft)
  const metadata = { ...record.metadata, uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', ...change.metadata }
  return {
    ...record,
    metadata,
    spec: { ...(record['spec'] as object), ...change.spec },
    ...('status' in change && { status: change.status }),
  }
}

describe('a record', () => {
  test('gives back what was launched', () => {
    const record = stored({ status: { phase: 'Applied' } })
    expect(readableRecord(record)).toMatchObject({
      name: 'lab',
      template: 'lab',
      path: '/lab',
      phase: 'Applied',
      isDeleting: false,
    })
    expect(manifestOf(record)).toEqual([configMap])
  })

  test('without a status was just written', () => {
    expect(readableRecord(stored())?.phase).toBe('Recorded')
  })

  test('keeps what is secret in a Secret that goes with it', () => {
    const record = stored()
    const kept = { secret: 's', passwords: { mine: 'p' } }
    const secret = secretsObject(record, { ...kept, authorization: 'token x', objects: draft.objects })
    expect(secret.metadata).toMatchObject({ name: 'lab.karvdash', ownerReferences: [{ uid: 'u' }] })
    expect(authorizationOf(secret)).toBe('token x')
    expect(keptOf(secret)).toMatchObject(kept)
    expect(secretObjectsOf(secret, 1)).toEqual([{ ...configMap, kind: 'Secret' }])
    const without = secretsObject(record, { ...kept, authorization: undefined, objects: [] })
    expect(authorizationOf(without)).toBeUndefined()
  })

  test('of objects that are too large to be kept is refused in a sentence', () => {
    const large = { ...configMap, data: { noise: randomBytes(700 * 1024).toString('base64') } }
    expect(() => recordObject({ ...draft, objects: [large] })).toThrow('too large to be recorded')
  })
})

describe('a record that a tenant wrote', () => {
  test.each([
    '@evil.example',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '',
    ' /a',
    '/a b',
    '/a\nb',
    '/a\\b',
    `/${'x'.repeat(400)}`,
  ])('cannot give the path %j', (path) => {
    expect(readableRecord(stored({ metadata: { annotations: { 'karvdash.io/path': path } } }))?.path).toBeUndefined()
  })

  test.each([
    ['a name with a dot', { metadata: { name: 'a.b' } }],
    ['a name that leaves no room for the user', { metadata: { name: 'x'.repeat(58) } }],
    ['a namespace that is no user’s', { metadata: { namespace: 'default' } }],
    ['a spec without a template', { spec: { template: undefined } }],
    ['a status that is a text', { status: 'Applied' }],
    ['no uid', { metadata: { uid: undefined } }],
  ])('with %s is not shown', (_, change) => {
    expect(readableRecord(stored(change))).toBeUndefined()
  })

  test('with a phase that the platform does not write was just written', () => {
    expect(readableRecord(stored({ status: { phase: 'Deleting' } }))?.phase).toBe('Recorded')
  })

  test.each([
    ['of another form', 'x'],
    ['that is no archive', Buffer.from('x').toString('base64')],
    ['that unpacks to more than 16 MiB', gzipSync(Buffer.alloc(17 * 1024 * 1024, 32)).toString('base64')],
    ['that is no JSON', gzipSync('{').toString('base64')],
    ['of more objects than a template may make', gzipSync(JSON.stringify(Array(201).fill(configMap))).toString('base64')],
    ['of things that are no objects', gzipSync('[{"kind":"ConfigMap"}]').toString('base64')],
  ])('with a manifest %s cannot be read', (_, manifest) => {
    expect(() => manifestOf(stored({ spec: { manifest } }))).toThrow()
  })
})
