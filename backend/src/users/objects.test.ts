import { describe, expect, test } from '@jest/globals'
import { pullSecret, stands, userObjects } from './objects.ts'

const alice = { apiVersion: 'karvdash.io/v1', kind: 'User', metadata: { name: 'alice', uid: 'u1' } }
const bounds = {
  quota: { pods: '100' },
  limits: { default: { memory: '2Gi' }, defaultRequest: { cpu: '50m' } },
  network: { ingressNamespaces: ['traefik'], ingressCidrs: [], blockedCidrs: ['192.168.7.0/24', 'fd12::/64'], allowedCidrs: [] },
}
const backings = { local: { hostPath: '/l' }, remote: { hostPath: '/r' }, shared: { hostPath: '/s' } }
const config = { namespace: 'system', serviceName: 'platform', bounds, backings }

describe('what a user’s namespace must hold', () => {
  const objects = userObjects({ user: alice, config, ca: 'PEM' })

  test('is the namespace first, owned by the user, and everything else in it', () => {
    const [namespace, ...rest] = objects
    expect(namespace).toMatchObject({
      kind: 'Namespace',
      metadata: { name: 'karvdash-alice', ownerReferences: [{ kind: 'User', name: 'alice', uid: 'u1' }] },
    })
    expect(rest.every(({ metadata }) => metadata.namespace === 'karvdash-alice')).toBe(true)
    expect(rest.every(({ metadata }) => metadata.labels?.['karvdash.io/guarded'] === 'true')).toBe(true)
  })

  test('limits what is usual, and what an administrator chose for this user', () => {
    const hardOf = (user: typeof alice & { spec?: object }) =>
      userObjects({ user, config, ca: 'PEM' }).flatMap(({ kind, spec }) => (kind === 'ResourceQuota' ? [spec] : []))
    expect(hardOf(alice)).toEqual([{ hard: { pods: '100' } }])
    const quota = { pods: '7', 'requests.nvidia.com/gpu': '2', secrets: '9' }
    expect(hardOf({ ...alice, spec: { quota } })).toEqual([
      { hard: { pods: '7', 'requests.nvidia.com/gpu': '2' } },
      { hard: { secrets: '9' } },
    ])
  })

  test('does not stand where a quota has a line that was taken back', () => {
    const quota = (hard: object) => ({ kind: 'ResourceQuota', spec: { hard } })
    expect(stands(quota({ pods: '1k' }), quota({ pods: '1000' }))).toBe(true)
    expect(stands(quota({ pods: '7' }), quota({ pods: '7', secrets: '9' }))).toBe(false)
  })

  test('binds the user’s own account to all of the namespace, and the platform to little', () => {
    const bindings = objects.filter(({ kind }) => kind === 'RoleBinding')
    expect(bindings.map(({ roleRef, subjects }) => ({ roleRef, subjects }))).toEqual([
      {
        roleRef: expect.objectContaining({ name: 'karvdash-tenant' }),
        subjects: [{ kind: 'ServiceAccount', name: 'platform', namespace: 'system' }],
      },
      {
        roleRef: expect.objectContaining({ name: 'cluster-admin' }),
        subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'karvdash-alice' }],
      },
    ])
  })

  test('tells pods where the API is and whom to trust', () => {
    const data = objects.find(({ kind }) => kind === 'Secret')?.['data']
    expect(data).toEqual({
      'ca.crt': Buffer.from('PEM').toString('base64'),
      url: Buffer.from('https://platform.system.svc').toString('base64'),
    })
  })
})

test('pods pull images with a Secret as `docker login` writes it', () => {
  const made = pullSecret({ host: 'registry.example.org:8443', username: 'alice', password: 'secret' })
  expect(made).toMatchObject({
    kind: 'Secret',
    type: 'kubernetes.io/dockerconfigjson',
    metadata: { name: 'karvdash-registry', namespace: 'karvdash-alice', labels: { 'karvdash.io/guarded': 'true' } },
  })
  const auth = Buffer.from('alice:secret').toString('base64')
  const auths = { 'registry.example.org:8443': { username: 'alice', password: 'secret', auth } }
  expect(made['data']).toEqual({ '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') })
})

describe('what is intended stands in what is stored', () => {
  const intended = { a: 1, list: [{ x: 'y' }], deep: { b: true } }
  test.each([
    [true, 'when it is the same', { a: 1, list: [{ x: 'y' }], deep: { b: true } }],
    [true, 'when the API server added defaults', { a: 1, list: [{ x: 'y', z: 1 }], deep: { b: true, c: {} }, more: [] }],
    [false, 'unless a value is another', { a: 2, list: [{ x: 'y' }], deep: { b: true } }],
    [false, 'unless a value is of another type', { a: '1', list: [{ x: 'y' }], deep: { b: true } }],
    [false, 'unless something is missing', { a: 1, list: [{ x: 'y' }] }],
    [
      false,
      'unless a list has more, such as another subject of a binding',
      { a: 1, list: [{ x: 'y' }, { x: 'z' }], deep: { b: true } },
    ],
    [false, 'unless a list became something else', { a: 1, list: { 0: { x: 'y' } }, deep: { b: true } }],
    [false, 'unless it is null', null],
  ])('%s: %s', (does, _, stored) => {
    expect(stands(intended, stored)).toBe(does)
  })

  test('when the API server writes a quantity its own way', () => {
    expect(stands({ hard: { pods: '1000', memory: '1024Mi' } }, { hard: { pods: '1k', memory: '1Gi' } })).toBe(true)
    expect(stands({ hard: { pods: '1000' } }, { hard: { pods: '1001' } })).toBe(false)
  })
})
