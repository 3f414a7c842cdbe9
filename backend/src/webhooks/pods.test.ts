import { describe, expect, test } from '@jest/globals'
import { type Injection, injectPod, injectWorkload } from './pods.ts'

const injection: Injection = {
  sources: {
    local: { hostPath: { path: '/data/local/alice', type: 'Directory' } },
    remote: { hostPath: { path: '/data/remote/alice', type: 'Directory' } },
    shared: { hostPath: { path: '/data/shared', type: 'Directory' } },
  },
  away: [],
  groups: [20_001, 19_999],
  apiUrl: 'https://karvdash.karvdash.svc',
  apiSecret: 'karvdash-api',
  pullSecret: undefined,
}
const plain = { metadata: { name: 'p' }, spec: { containers: [{ name: 'a', image: 'x' }] } }
const asking = { ...plain, metadata: { annotations: { 'karvdash.io/identity': 'true' } } }
const rich = {
  metadata: { name: 'p', annotations: { 'karvdash.io/identity': 'true', other: 'x' } },
  spec: {
    containers: [
      { name: 'a', volumeMounts: [{ name: 'mine', mountPath: '/local/' }], env: [{ name: 'KARVDASH_URL', value: 'mine' }] },
      { name: 'b', volumeMounts: null },
    ],
    initContainers: [{ name: 'i', ports: [{ containerPort: 1 }] }],
    volumes: [{ name: 'mine', emptyDir: {} }],
    securityContext: { runAsUser: 1000, supplementalGroups: [5, 19_999] },
    tolerations: [{ key: 'x' }],
  },
}
const mounts = (object: Record<string, unknown>, list = 'containers', index = 0) =>
  (
    (object['spec'] as Record<string, { volumeMounts?: { name: string; mountPath: string }[] }[]>)[list]?.[index]?.volumeMounts ??
    []
  ).map(({ name, mountPath }) => `${name}:${mountPath}`)
const domains = ['karvdash-local:/local', 'karvdash-remote:/remote', 'karvdash-shared:/shared']

describe('a pod', () => {
  test('gets the domains, each at its own folder exactly, and the groups that may use them', () => {
    const injected = injectPod(plain, injection)
    expect(mounts(injected)).toEqual(domains)
    expect(injected['spec']).toMatchObject({
      volumes: [
        { name: 'karvdash-local', hostPath: { path: '/data/local/alice', type: 'Directory' } },
        { name: 'karvdash-remote', hostPath: { path: '/data/remote/alice', type: 'Directory' } },
        { name: 'karvdash-shared', hostPath: { path: '/data/shared', type: 'Directory' } },
      ],
      securityContext: { supplementalGroups: [20_001, 19_999] },
    })
    expect(JSON.stringify(injected)).not.toContain('fsGroup')
  })

  test.each([
    ['plain', plain],
    ['with an identity', asking],
    ['with all there is', rich],
    ['without containers', { spec: {} }],
  ])('%s is the same when it is injected twice', (_, pod) => {
    const once = injectPod(pod, injection)
    expect(injectPod(once, injection)).toEqual(once)
    // As the API server gives it back, with defaults in it.
    const defaulted = structuredClone(once) as { spec: { volumes: { projected?: object }[] } }
    for (const volume of defaulted.spec.volumes) if (volume.projected) Object.assign(volume.projected, { defaultMode: 420 })
    expect(injectPod(defaulted, injection)).toEqual(defaulted)
  })

  test('pulls from the registry with its user’s Secret, beside those that it names itself', () => {
    const withPull = { ...injection, pullSecret: 'karvdash-registry' }
    const pullSecrets = (spec: object) =>
      (injectPod({ spec }, withPull)['spec'] as { imagePullSecrets?: object[] }).imagePullSecrets
    expect(pullSecrets({})).toEqual([{ name: 'karvdash-registry' }])
    expect(pullSecrets({ imagePullSecrets: null })).toEqual([{ name: 'karvdash-registry' }])
    expect(pullSecrets({ imagePullSecrets: [{ name: 'mine' }, {}] })).toEqual([
      { name: 'mine' },
      {},
      { name: 'karvdash-registry' },
    ])
    const own = [{ name: 'karvdash-registry' }, { name: 'mine' }]
    expect(pullSecrets({ imagePullSecrets: own })).toEqual(own)
    expect(injectPod({ spec: {} }, injection)['spec']).not.toHaveProperty('imagePullSecrets')
    const { spec } = injectWorkload({ spec: { template: plain } }, withPull) as { spec: { template: { spec: object } } }
    expect(spec.template.spec).not.toHaveProperty('imagePullSecrets')
  })

  test('is not changed in place', () => {
    const before = structuredClone(rich)
    injectPod(rich, injection)
    expect(rich).toEqual(before)
  })

  test('keeps everything of its author, known or not', () => {
    const injected = injectPod(rich, injection)
    expect(injected).toMatchObject({
      metadata: rich.metadata,
      spec: {
        tolerations: [{ key: 'x' }],
        securityContext: { runAsUser: 1000, supplementalGroups: [5, 19_999, 20_001] },
        volumes: expect.arrayContaining([{ name: 'mine', emptyDir: {} }]),
      },
    })
    expect(mounts(injected)).toEqual(['mine:/local/', ...domains.slice(1), 'karvdash-identity:/var/run/secrets/karvdash'])
    expect(mounts(injected, 'initContainers')).toEqual([...domains, 'karvdash-identity:/var/run/secrets/karvdash'])
  })

  test('gets the platform’s address unless its author set one', () => {
    const { containers } = injectPod(rich, injection)['spec'] as { containers: { env: object[] }[] }
    expect(containers[0]?.env).toEqual([{ name: 'KARVDASH_URL', value: 'mine' }])
    expect(containers[1]?.env).toEqual([{ name: 'KARVDASH_URL', value: 'https://karvdash.karvdash.svc' }])
  })

  test.each(['karvdash-local', 'karvdash-remote', 'karvdash-shared'])('may not have a volume %s of its own', (name) => {
    for (const source of [
      { emptyDir: {} },
      { hostPath: { path: '/', type: 'Directory' } },
      { hostPath: { path: '/data/local/alice' } },
      {},
    ])
      expect(() => injectPod({ spec: { volumes: [{ name, ...source }] } }, injection)).toThrow(
        `The volume name "${name}" is the platform's.`,
      )
  })

  describe('while the storage of a domain is away', () => {
    const without: Injection = { ...injection, away: ['remote'] }
    const injected = injectPod(rich, without)

    test('starts with an empty folder in its place that cannot be written to, and says so', () => {
      const { volumes, containers } = injected['spec'] as { volumes: object[]; containers: { volumeMounts: object[] }[] }
      expect(volumes).toContainEqual({ name: 'karvdash-remote', emptyDir: {} })
      expect(volumes).toContainEqual({ name: 'karvdash-local', ...injection.sources.local })
      for (const { volumeMounts } of containers)
        expect(volumeMounts).toContainEqual({ name: 'karvdash-remote', mountPath: '/remote', readOnly: true })
      expect(injected).toMatchObject({ metadata: { annotations: { 'karvdash.io/domains-away': 'remote', other: 'x' } } })
    })

    test('is the same when it is injected twice, and has the domain again when it is made once more later', () => {
      expect(injectPod(injected, without)).toEqual(injected)
      const later = injectPod(injected, injection)
      expect(later).toMatchObject({ metadata: { annotations: { other: 'x' } } })
      expect(JSON.stringify(later)).not.toContain('domains-away')
      expect((later['spec'] as { volumes: object[] }).volumes).toContainEqual({
        name: 'karvdash-remote',
        ...injection.sources.remote,
      })
    })

    test('a workload keeps the domain for its next pods', () => {
      expect(injectWorkload(workload, without)).toEqual(injectWorkload(workload, injection))
    })
  })

  test('may not take another audience under the name of its identity', () => {
    const sources = [{ serviceAccountToken: { audience: 'other', expirationSeconds: 3600, path: 'token' } }]
    const pod = { ...asking, spec: { volumes: [{ name: 'karvdash-identity', projected: { sources } }] } }
    expect(() => injectPod(pod, injection)).toThrow('karvdash-identity')
  })

  test.each([
    {},
    { spec: null },
    { spec: { containers: {} } },
    { spec: { volumes: [{}] } },
    { spec: { containers: [{ env: [{}] }] } },
  ])('that is none is refused in a sentence: %j', (pod) => {
    expect(() => injectPod(pod, injection)).toThrow('This pod is not well formed')
  })
})

const workload = { kind: 'Deployment', spec: { replicas: 2, template: plain } }

describe('a workload', () => {
  test('has its pods injected, and is the same when it is injected twice', () => {
    const once = injectWorkload(workload, injection)
    expect(mounts((once['spec'] as { template: Record<string, unknown> }).template)).toEqual(domains)
    expect(once).toMatchObject({ kind: 'Deployment', spec: { replicas: 2 } })
    expect(injectWorkload(once, injection)).toEqual(once)
  })

  test('without a template of pods is refused in a sentence', () => {
    expect(() => injectWorkload({ spec: {} }, injection)).toThrow('This workload is not well formed')
  })
})
