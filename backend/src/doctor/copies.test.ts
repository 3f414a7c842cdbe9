import { describe, expect, test } from '@jest/globals'
import { copyOf } from './copies.ts'

const metadata = { name: 'x', namespace: 'karvdash-alice', uid: 'u', resourceVersion: '1' }
const stored = (kind: string, spec: object, more: object = {}) => ({ apiVersion: 'v1', kind, metadata, spec, ...more })

describe('a copy to be written anew', () => {
  test('is under another name, and without what the cluster added', () => {
    const pod = stored('Pod', { nodeName: 'one', containers: [] }, { status: { phase: 'Running' } })
    expect(copyOf(pod)).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'karvdash-doctor', namespace: 'karvdash-alice', annotations: {} },
      spec: { containers: [] },
    })
  })

  test('of a Service leaves its addresses out, and keeps what its author wrote', () => {
    const ports = [{ port: 80, nodePort: 30_000 }]
    const service = stored('Service', { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], externalIPs: ['192.0.2.1'], ports })
    expect(copyOf(service)).toMatchObject({ spec: { externalIPs: ['192.0.2.1'], ports: [{ port: 80 }] } })
    expect(JSON.stringify(copyOf(service))).not.toMatch(/clusterIP|nodePort/)
  })

  test.each([
    ['a pod that has ended', stored('Pod', {}, { status: { phase: 'Failed' } })],
    ['what is about to go', stored('Service', {}, { metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } })],
    ['the platform’s own', stored('RoleBinding', {}, { metadata: { ...metadata, labels: { 'karvdash.io/guarded': 'true' } } })],
  ])('is not made of %s', (_, object) => {
    expect(copyOf(object)).toBeUndefined()
  })
})
