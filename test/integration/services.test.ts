import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { everythingOf, launch, objectsIn, serviceWhen } from '../support/services.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let admin: Person

beforeAll(async () => {
  cluster = await startCluster('services')
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
}, 60_000)
afterAll(() => cluster?.stop())

const newUser = (name: string) => activeUser(backend, name, admin)
const recordOf = (user: string, service: string, path: string) =>
  cluster.kubectl('get', 'servicerecord', service, '-n', `karvdash-${user}`, '-o', `jsonpath={${path}}`)

describe('a launch', () => {
  test('makes every object of the template, labelled, and owned by the record', async () => {
    const service = await launch(await newUser('alice'), { template: 'hello', values: { greeting: 'Good morning' } })
    expect(service).toMatchObject({ name: 'hello', url: 'https://hello-alice.karvdash.test:8443/' })
    const uid = await recordOf('alice', 'hello', '.metadata.uid')
    const found = await objectsIn(
      cluster,
      'karvdash-alice',
      'configmap,deployment,service,ingress',
      '-l',
      'karvdash.io/service=hello',
    )
    expect(found.map(({ kind }) => kind).sort()).toEqual(['ConfigMap', 'Deployment', 'Ingress', 'Service'])
    for (const { metadata } of found) {
      expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'karvdash', 'karvdash.io/template': 'hello' })
      expect(metadata.ownerReferences).toEqual([expect.objectContaining({ kind: 'ServiceRecord', name: 'hello', uid })])
    }
    expect(JSON.stringify(found)).toContain('Good morning')
    expect(await recordOf('alice', 'hello', '.status.phase')).toBe('Applied')
  })

  test('shows every request to the gate, and takes platform credentials away', async () => {
    await launch(await newUser('gail'), { template: 'hello' })
    const [ingress] = await objectsIn(cluster, 'karvdash-gail', 'ingress')
    expect(ingress).toMatchObject({
      metadata: {
        annotations: {
          'nginx.ingress.kubernetes.io/auth-url': 'http://karvdash.karvdash.svc.cluster.local/gate',
          'nginx.ingress.kubernetes.io/auth-response-headers': 'Authorization,Cookie,X-Karvdash-User',
        },
      },
      spec: { tls: [{ hosts: ['hello-gail.karvdash.test'] }], rules: [{ host: 'hello-gail.karvdash.test' }] },
    })
    expect(ingress?.['spec']).not.toHaveProperty('tls.0.secretName')
  })

  test('under a name that is taken gets four characters more, also when many want it at once', async () => {
    const person = await newUser('sue')
    const services = await Promise.all([1, 2, 3, 4].map(() => launch(person, { template: 'hello', name: 'page' })))
    const names = services.map(({ name }) => name)
    expect(new Set(names).size).toBe(4)
    expect(names.filter((name) => name === 'page')).toHaveLength(1)
    for (const name of names) expect(name).toMatch(/^page(-[a-z0-9]{4})?$/)
  })

  test('beside many others of the same user, while others are deleted, gets its name and is not refused', async () => {
    const person = await newUser('eve')
    for (const round of ['one', 'two']) {
      const names = Array.from({ length: 12 }, (_, n) => `${round}-${n}`)
      const services = await Promise.all(names.map((name) => launch(person, { template: 'hello', name })))
      expect(services.map(({ name }) => name)).toEqual(names)
      expect(services.filter(({ state }) => state === 'Failed')).toEqual([])
      // The next ones come while these go, and the quota is counted again and again.
      await Promise.all(names.map((name) => person.send('DELETE', `/api/services/${name}`)))
    }
  })

  test('under the longest name that is taken stays one DNS label', async () => {
    const person = await newUser('lon')
    const name = 'x'.repeat(59)
    await launch(person, { template: 'hello', name })
    const second = await launch(person, { template: 'hello', name })
    expect(`${second.name}-lon`.length).toBeLessThanOrEqual(63)
    expect(second.name).toMatch(/^x+-[a-z0-9]{4}$/)
  })

  test('of an unknown template is 404', async () => {
    expect(await (await newUser('nic')).send('POST', '/api/services', { template: 'nothing' })).toMatchObject({ status: 404 })
  })

  test('where something of the tenant has the name of its Secret goes on under another name, and leaves no half', async () => {
    const person = await newUser('dag')
    await cluster.kubectlAs('dag', 'create', 'secret', 'generic', 'hello.karvdash', '--from-literal=manifest=x')
    expect((await launch(person, { template: 'hello' })).name).toMatch(/^hello-[a-z0-9]{4}$/)
    expect((await objectsIn(cluster, 'karvdash-dag', 'servicerecords')).map(({ metadata }) => metadata.name)).toHaveLength(1)
  })
})

describe('a preview', () => {
  test('shows the objects a launch would create and what is in no Secret, and creates nothing', async () => {
    const person = await newUser('pia')
    const answer = await person.send('POST', '/api/templates/jupyterlab/render', {})
    expect(answer.status).toBe(200)
    const { objects } = answer.body as { objects: { kind: string; metadata: { namespace: string } }[] }
    expect(objects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Deployment', 'Ingress', 'Secret', 'Service']))
    expect(objects.every(({ metadata }) => metadata.namespace === 'karvdash-pia')).toBe(true)
    const secret = objects.find(({ kind }) => kind === 'Secret')
    expect(secret).not.toHaveProperty('data')
    expect(secret).not.toHaveProperty('stringData')
    expect(answer.text).not.toMatch(/[0-9a-f]{48}/)
    expect(await objectsIn(cluster, 'karvdash-pia', 'servicerecords,deployments')).toEqual([])
  })

  test('of wrong values names the fields as a launch does', async () => {
    const answer = await (await newUser('pit')).send('POST', '/api/templates/hello/render', { values: { replicas: 'many' } })
    expect(answer).toMatchObject({ status: 400, body: { errors: [expect.objectContaining({ pointer: '/values/replicas' })] } })
  })
})

describe('the secret of a launch', () => {
  test('is made anew each time and stands in Secrets alone', async () => {
    const person = await newUser('jan')
    const secretOf = async (name: string) => {
      await launch(person, { template: 'jupyterlab', name })
      const encoded = await cluster.kubectl('get', 'secret', name, '-n', 'karvdash-jan', '-o', 'jsonpath={.data.token}')
      return Buffer.from(encoded, 'base64').toString()
    }
    const [one, two] = [await secretOf('one'), await secretOf('two')]
    expect(one).toMatch(/^[0-9a-f]{48}$/)
    expect(two).not.toBe(one)
    const open = await objectsIn(cluster, 'karvdash-jan', 'servicerecords,deployments,ingresses')
    expect(JSON.stringify(open)).not.toContain(one)
  })
})

describe('somebody else', () => {
  test('cannot see, get or delete a service, and is not told that it exists', async () => {
    const owner = await newUser('amy')
    const bob = await newUser('bob')
    await launch(owner, { template: 'hello', name: 'mine' })
    expect((await bob.send('GET', '/api/services')).body).toEqual({ items: [] })
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await bob.send(method, '/api/services/mine')
      const nothing = await bob.send(method, '/api/services/nothing')
      expect(answer).toMatchObject({ status: 404 })
      expect(answer.text.replaceAll('mine', 'nothing')).toBe(nothing.text)
    }
    expect(await owner.send('GET', '/api/services/mine')).toMatchObject({ status: 200 })
    expect(await admin.send('GET', '/api/services/mine')).toMatchObject({ status: 404 })
  })
})

describe('stopping', () => {
  let stan: Person
  let gus: Person
  beforeAll(async () => {
    ;[stan, gus] = [await newUser('stan'), await newUser('gus')]
  })
  const namespace = 'karvdash-stan'
  const stateOf = async (name: string) => ((await stan.send('GET', `/api/services/${name}`)).body as { state: string }).state
  const kept = async (kind: string, name: string) =>
    (await objectsIn(cluster, namespace, kind, '-l', `karvdash.io/service=${name}`)).length

  test('ends what runs, whatever kind it is, and keeps the rest; resumed, all of it is there again', async () => {
    const { name } = await launch(stan, { template: 'hello', name: 'pauses' })
    await until(async () => (await kept('pods', name)) > 0)
    await cluster.kubectlAs('stan', 'autoscale', 'deployment', name, '--max=2')
    await cluster.kubectlAs('stan', 'label', 'hpa', name, `karvdash.io/service=${name}`)
    const before = await Promise.all(['services', 'ingresses', 'secrets', 'configmaps'].map((kind) => kept(kind, name)))
    const stopped = await stan.send('POST', `/api/services/${name}/stop`)
    expect(stopped).toMatchObject({ status: 200, body: { name, state: 'Stopped' } })
    for (const kind of ['deployments', 'hpa']) expect(await kept(kind, name)).toBe(0)
    await until(async () => (await kept('pods', name)) === 0)
    expect(await Promise.all(['services', 'ingresses', 'secrets', 'configmaps'].map((kind) => kept(kind, name)))).toEqual(before)
    expect((await stan.send('POST', `/api/services/${name}/stop`)).status).toBe(200)
    expect((await stan.send('POST', `/api/services/${name}/resume`)).status).toBe(200)
    await until(async () => (await kept('pods', name)) > 0)
    await until(async () => (await stateOf(name)) !== 'Stopped')
    await stan.send('DELETE', `/api/services/${name}`)
  })

  test('that a backend recorded and did not carry out is carried out by another', async () => {
    const { name } = await launch(stan, { template: 'hello', name: 'half-stopped' })
    await until(async () => (await kept('deployments', name)) > 0)
    const change = JSON.stringify({ spec: { stopped: true } })
    await cluster.kubectl('patch', 'servicerecord', name, '-n', namespace, '--type=merge', '-p', change)
    await until(async () => (await kept('deployments', name)) === 0)
    await stan.send('DELETE', `/api/services/${name}`)
  })

  test('and resuming are for its owner alone', async () => {
    const { name } = await launch(stan, { template: 'hello', name: 'mine-alone' })
    for (const act of ['stop', 'resume']) expect((await gus.send('POST', `/api/services/${name}/${act}`)).status).toBe(404)
    expect(await kept('deployments', name)).toBe(1)
    await stan.send('DELETE', `/api/services/${name}`)
  })
})

test('deleting leaves not one object, and no file is touched', async () => {
  const person = await newUser('del')
  for (const template of ['hello', 'jupyterlab']) {
    const { name } = await launch(person, { template })
    await until(async () => (await objectsIn(cluster, 'karvdash-del', 'pods')).length > 0)
    expect(await person.send('DELETE', `/api/services/${name}`)).toMatchObject({ status: 204 })
    await until(async () => (await person.send('GET', `/api/services/${name}`)).status === 404)
    await until(async () => (await everythingOf(cluster, 'del', name)).length === 0)
  }
  expect((await person.send('GET', '/api/services')).body).toEqual({ items: [] })
  expect(await person.send('DELETE', '/api/services/hello')).toMatchObject({ status: 404 })
})

test('a quota in the namespace is what the status tells', async () => {
  const person = await newUser('quo')
  await cluster.kubectl('create', 'quota', 'none', '--hard=pods=0', '-n', 'karvdash-quo')
  // The quota is enforced once its controller has seen it.
  await until(() => cluster.kubectl('get', 'quota', 'none', '-n', 'karvdash-quo', '-o', 'jsonpath={.status.hard.pods}'))
  await launch(person, { template: 'hello' })
  const { reason } = await serviceWhen(person, 'hello', ({ state }) => state === 'Failed')
  expect(reason).toBe('Your quota allows no pods here. Ask for less, or stop or delete something.')
})

test('templates are listed without their text, and each can be had alone', async () => {
  const person = await newUser('tem')
  const { items } = (await person.send('GET', '/api/templates')).body as { items: { id: string; variables: unknown[] }[] }
  expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(['hello', 'jupyterlab']))
  expect((await person.send('GET', '/api/templates/hello')).body).toEqual(items.find(({ id }) => id === 'hello'))
  const text = await readFile(fileURLToPath(new URL('../../templates/hello.yaml', import.meta.url)), 'utf8')
  expect(text).toContain('kind: Deployment')
  expect(JSON.stringify(items)).not.toContain('kind: Deployment')
})
