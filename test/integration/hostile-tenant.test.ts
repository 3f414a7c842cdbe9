import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { everythingOf, launch, serviceWhen } from '../support/services.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let mallory: Person

beforeAll(async () => {
  cluster = await startCluster('hostile-tenant')
  backend = await cluster.backend()
  mallory = await activeUser(backend, 'mallory', await signedInAdmin(backend))
}, 60_000)
afterAll(() => cluster?.stop())

const packed = (objects: unknown) => gzipSync(JSON.stringify(objects)).toString('base64')
const configMap = (name: string, namespace = 'karvdash-mallory') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
})

interface Forgery {
  manifest?: string
  template?: string
  annotations?: Record<string, string>
}

/** A record as no tenant can write one any more, with the Secret beside it: should one get past the guard. */
async function forge(name: string, { manifest = packed([]), template = 'hello', annotations = {} }: Forgery): Promise<void> {
  const data = { 'manifest-1': Buffer.from(packed([])).toString('base64') }
  const beside = { name: `${name}.karvdash`, namespace: 'karvdash-mallory' }
  await cluster.create({ apiVersion: 'v1', kind: 'Secret', metadata: beside, type: 'karvdash.io/service', data })
  const metadata = { name, namespace: 'karvdash-mallory', annotations }
  const spec = { template: { id: template }, manifest }
  await cluster.create({ apiVersion: 'karvdash.io/v1', kind: 'ServiceRecord', metadata, spec })
}

async function shown(name: string): Promise<{ name: string; url?: string } | undefined> {
  const { status, body } = await mallory.send('GET', '/api/services')
  expect(status).toBe(200)
  return (body as { items: { name: string; url?: string }[] }).items.find((service) => service.name === name)
}

describe('a forged record', () => {
  test.each([
    ['another host by userinfo', '@evil.example'],
    ['another host by two slashes', '//evil.example'],
    ['another host by a backslash', '/\\evil.example'],
    ['another scheme', 'javascript:alert(1)'],
    ['another port', ':1/'],
    ['a longer host', '.evil.example/'],
    ['a line break', '/a\nb'],
  ])('cannot lead to %s', async (attack, path) => {
    const name = `url-${attack.replaceAll(' ', '-')}`
    await forge(name, { annotations: { 'karvdash.io/path': path } })
    const { url } = await until(() => shown(name))
    expect(url).toBeUndefined()
  })

  test('with a path has an address at its own host', async () => {
    await forge('honest', { annotations: { 'karvdash.io/path': '/lab?x=@evil.example' } })
    const { url } = await until(() => shown('honest'))
    expect(new URL(url ?? '').host).toBe('honest-mallory.karvdash.test:8443')
  })

  test.each([
    ['a manifest that unpacks to 100 MB', gzipSync(Buffer.alloc(100_000_000, 32)).toString('base64')],
    ['a manifest that is no archive', Buffer.from('hello').toString('base64')],
    ['a manifest that is no list', packed({ kind: 'ConfigMap' })],
    ['a manifest of things that are no objects', packed([{ kind: 'ConfigMap' }])],
    ['a manifest of ten thousand objects', packed(Array.from({ length: 10_000 }, (_, n) => configMap(`many-${n}`)))],
  ])('with %s failed, is said to have, and can be deleted', async (attack, manifest) => {
    const name = attack.replaceAll(' ', '-').toLowerCase().slice(0, 50).replace(/-+$/, '')
    await forge(name, { manifest })
    const { reason } = await serviceWhen(mallory, name, ({ state }) => state === 'Failed')
    expect(reason).toBe('What was recorded of it cannot be read. Delete this service and launch it again.')
    expect(await mallory.send('DELETE', `/api/services/${name}`)).toMatchObject({ status: 204 })
    await until(async () => !(await shown(name)))
  })

  test.each([
    [
      'power over the cluster',
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: 'mallory' } },
    ],
    ['an object in another namespace', configMap('planted', 'kube-system')],
    ["an object in the platform's namespace", configMap('planted', 'karvdash')],
    [
      'a kind that is not there',
      { apiVersion: 'evil.example/v1', kind: 'Evil', metadata: { name: 'x', namespace: 'karvdash-mallory' } },
    ],
    [
      'a version that is a path',
      { apiVersion: '../../apis/v1', kind: 'Secret', metadata: { name: 'x', namespace: 'karvdash-mallory' } },
    ],
    ['a name that is a path', configMap('..')],
    ['a namespace that is a path', configMap('x', '..')],
  ])('gets no more than the tenant may do: not %s', async (attack, object) => {
    const name = attack.replaceAll(/[ ']/g, '-').toLowerCase()
    await forge(name, { manifest: packed([object]) })
    const { reason } = await serviceWhen(mallory, name, ({ state }) => state === 'Failed')
    expect(reason).toMatch(
      /^You may not patch .* (of the whole cluster|in the namespace "[a-z-]+")|does not know|cannot be a name/,
    )
    const told = await cluster.kubectl('get', 'servicerecord', name, '-n', 'karvdash-mallory', '-o', 'jsonpath={.status.message}')
    expect(told).toMatch(/The cluster refuses it: .*karvdash-mallory:default|does not know|cannot be a name/)
    const everywhere = await cluster.kubectl('get', 'configmaps,clusterrolebindings', '-A', '-o', 'name')
    expect(everywhere).not.toMatch(/planted|mallory/)
  })

  test.each([
    ['a template id of 63 characters', 'long-id', { template: 'x'.repeat(63) }],
    ['a name with a dot', 'evil.example', {}],
    ['a name of 200 characters', 'x'.repeat(200), {}],
    ['a template that is a script', 'script', { template: '<script>' }],
  ])('with %s does not keep the others from being listed', async (_, name, forgery) => {
    await forge(name, forgery)
    await launch(mallory, { template: 'hello', name: 'innocent' }).then(({ name: given }) => until(() => shown(given)))
    expect(await mallory.send('GET', '/api/services')).toMatchObject({ status: 200 })
  })

  test('that says it was applied or is to be applied again opens nothing', async () => {
    await forge('forged', {})
    const says = (phase: string) =>
      cluster.kubectl(
        ...['patch', 'servicerecord', 'forged', '-n', 'karvdash-mallory', '--subresource=status', '--type=merge'],
        ...['-p', JSON.stringify({ status: { phase } })],
      )
    for (const phase of ['Applied', 'Recorded', 'Stopped', 'Deleting']) await says(phase)
    await serviceWhen(mallory, 'forged', ({ state }) => state === 'Queued')
  })
})

describe('a tenant who deletes behind the platform’s back', () => {
  test('the objects of a service still has the service, and can delete it completely', async () => {
    await launch(mallory, { template: 'hello', name: 'torn' })
    await cluster.kubectlAs('mallory', 'delete', 'deployment,configmap,service,ingress', '-l', 'karvdash.io/service=torn')
    expect(await mallory.send('GET', '/api/services/torn')).toMatchObject({ status: 200 })
    expect(await mallory.send('DELETE', '/api/services/torn')).toMatchObject({ status: 204 })
    await until(async () => (await everythingOf(cluster, 'mallory', 'torn')).length === 0)
  })

  test('cannot delete the record; an administrator who does has deleted the service', async () => {
    await launch(mallory, { template: 'jupyterlab', name: 'gone' })
    await expect(cluster.kubectlAs('mallory', 'delete', 'servicerecord', 'gone')).rejects.toThrow(/karvdash-(bounds|guarded)/)
    await cluster.kubectl('delete', 'servicerecord', 'gone', '-n', 'karvdash-mallory')
    await until(async () => !(await shown('gone')))
    await until(async () => (await everythingOf(cluster, 'mallory', 'gone')).length === 0)
  })
})

test('nothing of all this was a fault of the platform’s', () => {
  const faults = backend.log.filter(({ msg, level }) => msg === 'failure' || Number(level) >= 50)
  expect(faults).toEqual([])
})
