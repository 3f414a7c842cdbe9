import { once } from 'node:events'
import { connect } from 'node:http2'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as z from 'zod'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, signedInAdmin, signedUp } from '../support/people.ts'
import { send } from '../support/send.ts'
import { launch, objectsIn } from '../support/services.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend

beforeAll(async () => {
  cluster = await startCluster('webhook')
  backend = await cluster.backend()
  const alice = await activeUser(backend, 'alice', await signedInAdmin(backend))
  await launch(alice, { template: 'hello' })
}, 60_000)
afterAll(() => cluster?.stop())

const Mounts = z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).default([])
const Containers = z.array(z.looseObject({ volumeMounts: Mounts, env: z.array(z.looseObject({})).default([]) })).default([])
const Pod = z.looseObject({
  spec: z.looseObject({
    containers: Containers,
    initContainers: Containers,
    volumes: z.array(z.looseObject({ name: z.string() })),
    securityContext: z.looseObject({ supplementalGroups: z.array(z.number()) }),
  }),
})
type Spec = Record<string, unknown>

const container = { name: 'main', image: 'registry.k8s.io/pause:3.10' }
const pod = (name: string, spec: Spec = {}, annotations = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'karvdash-alice', annotations },
  spec: { containers: [container], ...spec },
})
/** Creates a pod and gives it as it was stored. */
async function stored(name: string, spec: Spec = {}, annotations = {}) {
  await cluster.create(pod(name, spec, annotations))
  return Pod.parse(JSON.parse(await cluster.kubectl('get', 'pod', name, '-n', 'karvdash-alice', '-o', 'json')))
}
const domainMounts = (mounts: z.infer<typeof Mounts>) =>
  mounts.filter(({ name }) => name.startsWith('karvdash-')).map(({ name, mountPath }) => `${name} at ${mountPath}`)
const allDomains = ['karvdash-local at /local', 'karvdash-remote at /remote', 'karvdash-shared at /shared']

describe('a pod that enters a user’s namespace', () => {
  test('of a launched service, made by the ReplicaSet controller, has the user’s folders and groups', async () => {
    const [found] = await until(async () => {
      const pods = await objectsIn(cluster, 'karvdash-alice', 'pods', '-l', 'karvdash.io/service=hello')
      return pods.length > 0 ? pods : undefined
    })
    const { spec } = Pod.parse(found)
    const folders = ['local/alice', 'remote/alice', 'shared'].map((folder) => `${cluster.domains}/${folder}`)
    expect(spec.volumes).toEqual(
      expect.arrayContaining(folders.map((path) => expect.objectContaining({ hostPath: { path, type: 'Directory' } }))),
    )
    expect(domainMounts(spec.containers[0]?.volumeMounts ?? [])).toEqual(allDomains)
    const fileId = Number(await cluster.kubectl('get', 'user', 'alice', '-o', 'jsonpath={.status.uid}'))
    expect(spec.securityContext.supplementalGroups).toEqual(expect.arrayContaining([fileId, 19_999]))
    expect(spec.securityContext).not.toHaveProperty('fsGroup')
  })

  test('has them in init containers too', async () => {
    const { spec } = await stored('init', { initContainers: [{ ...container, name: 'first' }] })
    expect(domainMounts(spec.initContainers[0]?.volumeMounts ?? [])).toEqual(allDomains)
  })

  test.each(['/local', '/local/'])('keeps what its author mounted at %s', async (mountPath) => {
    const name = mountPath.length === 6 ? 'own' : 'own-slash'
    const mine = {
      volumes: [{ name: 'mine', emptyDir: {} }],
      containers: [{ ...container, volumeMounts: [{ name: 'mine', mountPath }] }],
    }
    const { spec } = await stored(name, mine)
    const mounts = spec.containers[0]?.volumeMounts ?? []
    expect(mounts.filter((mount) => mount.mountPath.startsWith('/local'))).toEqual([
      expect.objectContaining({ name: 'mine', mountPath }),
    ])
    expect(domainMounts(mounts)).toEqual(allDomains.slice(1))
  })

  test('keeps the groups that its author gave it', async () => {
    const { spec } = await stored('groups', { securityContext: { supplementalGroups: [4242] } })
    expect(spec.securityContext.supplementalGroups).toContain(4242)
    expect(spec.securityContext.supplementalGroups).toHaveLength(3)
  })

  test.each([
    ["another user's folder", { hostPath: { path: '/domains/local/bob' } }],
    ['the host', { hostPath: { path: '/' } }],
    ['a folder of its own', { emptyDir: {} }],
  ])('that smuggles %s in under a name of the platform’s is refused in a sentence', async (_, source) => {
    const smuggler = pod('smuggler', { volumes: [{ name: 'karvdash-local', ...source }] })
    await expect(cluster.create(smuggler)).rejects.toThrow(/The volume name "karvdash-local" is the platform's/)
  })

  test('gets no identity unless it asks for one', async () => {
    const { spec } = await stored('plain')
    expect(spec.volumes.map(({ name }) => name)).not.toContain('karvdash-identity')
    const other = await stored('other', {}, { 'karvdash.io/identity': 'yes' })
    expect(other.spec.volumes.map(({ name }) => name)).not.toContain('karvdash-identity')
  })

  test('that asks for an identity gets a token for the platform alone, its address, and whom to trust', async () => {
    const { spec } = await stored('identity', {}, { 'karvdash.io/identity': 'true' })
    const volume = spec.volumes.find(({ name }) => name === 'karvdash-identity')
    expect(volume?.['projected']).toMatchObject({
      sources: [
        { serviceAccountToken: { audience: 'karvdash', expirationSeconds: 3600 } },
        { secret: { name: 'karvdash-api', items: expect.arrayContaining([{ key: 'ca.crt', path: 'ca.crt' }]) } },
      ],
    })
    expect(spec.containers[0]).toMatchObject({
      env: [{ name: 'KARVDASH_URL', value: 'https://karvdash.karvdash.svc' }],
      volumeMounts: expect.arrayContaining([
        { name: 'karvdash-identity', mountPath: '/var/run/secrets/karvdash', readOnly: true },
      ]),
    })
    const ca = await cluster.kubectl('get', 'secret', 'karvdash-api', '-n', 'karvdash-alice', '-o', 'jsonpath={.data.ca\\.crt}')
    expect(Buffer.from(ca, 'base64').toString()).toContain('BEGIN CERTIFICATE')
  })
})

describe('a namespace', () => {
  /** Makes one, and waits until there could be pods in it. */
  const make = async (name: string) => {
    await cluster.kubectl('create', 'namespace', name)
    await until(() => cluster.kubectl('get', 'serviceaccount', 'default', '-n', name))
  }

  test('of a user nobody knows is refused pods, with the advice to try again', async () => {
    await make('karvdash-ghost')
    const ghost = { ...pod('x'), metadata: { name: 'x', namespace: 'karvdash-ghost' } }
    await expect(cluster.create(ghost)).rejects.toThrow(/folders of ghost are not ready yet. Try again/)
  })

  test('of a user who was never activated is refused pods, too', async () => {
    await signedUp(backend, 'idle')
    await make('karvdash-idle')
    const idle = { ...pod('x'), metadata: { name: 'x', namespace: 'karvdash-idle' } }
    await expect(cluster.create(idle)).rejects.toThrow(/folders of idle are not ready yet/)
  })

  test.each(['default', 'karvdash-not-a-user'])('that is no user’s, such as %s, gets pods as they are', async (namespace) => {
    if (namespace !== 'default') await make(namespace)
    await cluster.create({ ...pod('plain'), metadata: { name: 'plain', namespace } })
    expect(await cluster.kubectl('get', 'pod', 'plain', '-n', namespace, '-o', 'json')).not.toContain('karvdash-local')
  })
})

describe('the webhook', () => {
  test('is not there for whom the ingress controller lets in, nor for pods', async () => {
    for (const url of [backend.url, `https://127.0.0.1:${backend.httpsPort}`]) {
      const answer = await send(`${url}/webhooks/mutate`, { method: 'POST', body: review('Pod', pod('x')) })
      expect(answer.status).toBe(404)
    }
  })

  test('is asked over one connection by HTTP/2', async () => {
    const session = connect(`https://127.0.0.1:${backend.webhookPort}`, { rejectUnauthorized: false })
    await once(session, 'connect')
    expect(session.alpnProtocol).toBe('h2')
    session.close()
  })

  const post = (body: object | string, headers = {}) =>
    send(`https://127.0.0.1:${backend.webhookPort}/webhooks/mutate`, { method: 'POST', body, headers })
  const review = (kind: string, object: unknown) => ({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: 'u1', kind: { group: '', kind }, namespace: 'karvdash-alice', operation: 'CREATE', object },
  })

  test.each([
    ['pod', 'hello'],
    ['deployment', 'hello'],
  ])('changes nothing of a %s that it has changed before', async (kind) => {
    const [found] = await objectsIn(cluster, 'karvdash-alice', kind, '-l', 'karvdash.io/service=hello')
    const answer = await post(review(found?.kind ?? '', found))
    expect(answer.body).toEqual(expect.objectContaining({ response: { uid: 'u1', allowed: true } }))
  })

  test.each([
    ['no JSON', '{'],
    ['a review of another version', { ...review('Pod', {}), apiVersion: 'admission.k8s.io/v1beta1' }],
    ['a review without a request', { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }],
    ['a review without a uid', { ...review('Pod', {}), request: { kind: { kind: 'Pod' }, operation: 'CREATE' } }],
    ['a list', []],
    ['a pod', pod('x')],
  ])('answers %s with 400, and goes on', async (_, body) => {
    expect(await post(body)).toMatchObject({ status: 400, body: { status: 400 } })
    expect(await post(review('Pod', pod('y')))).toMatchObject({ status: 200, body: { response: { allowed: true } } })
  })

  test.each([
    ['no spec', {}],
    ['containers that are a text', { spec: { containers: 'many' } }],
    ['mounts without a path', { spec: { containers: [{ volumeMounts: [{ name: 'x' }] }] } }],
  ])('denies a pod with %s in a sentence', async (_, object) => {
    expect(await post(review('Pod', object))).toMatchObject({
      status: 200,
      body: {
        response: { uid: 'u1', allowed: false, status: { code: 422, message: expect.stringContaining('not well formed') } },
      },
    })
  })

  test('takes what the API server may send and no more: 9 MiB are 413', async () => {
    expect(await post(' '.repeat(9 * 1024 * 1024))).toMatchObject({ status: 413 })
  })
})

test('a change of a deployment by its tenant keeps the folders', async () => {
  await cluster.kubectlAs('alice', 'set', 'image', 'deployment/hello', 'web=registry.k8s.io/pause:3.10')
  const [found] = await objectsIn(cluster, 'karvdash-alice', 'deployments')
  expect(JSON.stringify(found)).toContain(`${cluster.domains}/local/alice`)
})
