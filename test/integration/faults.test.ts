import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, basic, password, signedInAdmin, signIn, tokenOf, visitor } from '../support/people.ts'
import { send } from '../support/send.ts'
import { launch, objectsIn } from '../support/services.ts'
import { until } from '../support/until.ts'

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster('faults')
}, 60_000)
afterAll(() => cluster?.stop())

let running: Backend | undefined

/** The same replica, started again in the place of the one before: it need not wait until its own lease runs out. */
async function start(): Promise<Backend> {
  await running?.kill()
  running = await cluster.backend({ KARVDASH_POD_NAME: 'one' })
  return running
}

const phaseOf = (user: string, service: string) =>
  cluster.kubectl('get', 'servicerecord', service, '-n', `karvdash-${user}`, '-o', 'jsonpath={.status.phase}')

/** Opens a watch of a namespace's records; `first` resolves when the API server tells of one. */
async function watchRecords(namespace: string): Promise<{ first: Promise<unknown> }> {
  const token = await cluster.kubectl('create', 'token', 'default', '-n', namespace)
  const url = `${cluster.plane.url}/apis/karvdash.io/v1/namespaces/${namespace}/servicerecords?watch=true`
  const options = { ca: await readFile(cluster.plane.caFile), headers: { authorization: `Bearer ${token.trim()}` } }
  const watch = await new Promise<IncomingMessage>((resolve, reject) => get(url, options, resolve).once('error', reject))
  return { first: once(watch, 'data').finally(() => watch.destroy()) }
}

describe('kill -9 of the backend', () => {
  test('in the middle of launches: the next one finishes what was recorded whole', async () => {
    const backend = await start()
    const person = await activeUser(backend, 'kim')
    const { first } = await watchRecords('karvdash-kim')
    const names = ['a', 'b', 'c', 'd', 'e']
    const launches = names.map((name) => person.send('POST', '/api/services', { template: 'hello', name }).catch(() => undefined))
    await first
    await backend.kill()
    const answers = await Promise.all(launches)
    expect(answers).toContain(undefined)
    const secrets = (await objectsIn(cluster, 'karvdash-kim', 'secrets')).map(({ metadata }) => metadata.name)
    const records = (await objectsIn(cluster, 'karvdash-kim', 'servicerecords')).map(({ metadata }) => metadata.name)
    expect(records).not.toEqual([])
    const again = person.at(await start())
    const whole = records.filter((name) => secrets.includes(`${name}.karvdash`))
    for (const name of whole) await until(async () => (await phaseOf('kim', name)) === 'Applied')
    // None is invisible: those without their Secret are shown as under way, and reported as failed after half a minute.
    const { items } = (await again.send('GET', '/api/services')).body as { items: { name: string }[] }
    expect(items.map(({ name }) => name).sort()).toEqual(records.sort())
    for (const name of records) expect(await again.send('DELETE', `/api/services/${name}`)).toMatchObject({ status: 204 })
    await until(async () => (await objectsIn(cluster, 'karvdash-kim', 'servicerecords,deployments,pods')).length === 0)
  })

  test('before anything was applied: the next one applies it all', async () => {
    const backend = await start()
    const person = await activeUser(backend, 'kay')
    await launch(person, { template: 'hello' })
    await backend.kill()
    const status = JSON.stringify({ status: { phase: 'Recorded' } })
    await cluster.kubectl(
      'patch',
      'servicerecord',
      'hello',
      '-n',
      'karvdash-kay',
      '--subresource=status',
      '--type=merge',
      '-p',
      status,
    )
    await cluster.kubectl(
      'delete',
      'deployment,configmap,service,ingress',
      '-n',
      'karvdash-kay',
      '-l',
      'karvdash.io/service=hello',
    )
    await start()
    await until(async () => (await phaseOf('kay', 'hello')) === 'Applied')
    expect(await objectsIn(cluster, 'karvdash-kay', 'deployments,services,ingresses')).toHaveLength(3)
  })

  test('in the middle of an activation: the next one finishes it', async () => {
    const backend = await start()
    const admin = await signedInAdmin(backend)
    const person = visitor(backend, 'abe')
    await person.send('POST', '/api/users', { username: 'abe', password, email: 'abe@example.org' })
    const activation = admin.send('PATCH', '/api/users/abe', { active: true }).catch(() => undefined)
    await until(async () => (await cluster.kubectl('get', 'user', 'abe', '-o', 'jsonpath={.spec.active}')) === 'true')
    await backend.kill()
    await activation
    const next = await start()
    await until(() => cluster.kubectl('get', 'user', 'abe', '-o', 'jsonpath={.status.namespace}'))
    await launch(await signIn(person.at(next)), { template: 'hello' })
  })
})

test('an API server that is away is said to be, in words; all goes on when it is back', async () => {
  const backend = await start()
  const person = await activeUser(backend, 'noa')
  const { secret } = await tokenOf(person)
  await launch(person, { template: 'hello' })
  await cluster.plane.stopPart('kube-apiserver')
  const away = {
    status: 503,
    headers: { 'content-type': 'application/problem+json' },
    body: { status: 503, detail: expect.any(String) },
  }
  expect(await person.send('POST', '/api/services', { template: 'hello' })).toMatchObject(away)
  expect(await visitor(backend, 'noa').send('POST', '/api/session', { username: 'noa', password })).toMatchObject(away)
  const draft = { username: 'late', password, email: 'late@example.org' }
  const signUp = await visitor(backend).send('POST', '/api/users', draft)
  expect(signUp).toMatchObject(away)
  expect(signUp.text).not.toMatch(/127\.0\.0\.1|ECONN|\.ts/)
  // What is in memory still answers, and Kubernetes has no reason to restart us.
  expect(await person.send('GET', '/api/services')).toMatchObject({ status: 200 })
  expect(await send(`${backend.url}/health/live`)).toMatchObject({ status: 200 })
  const gate = { ...basic('noa', secret), 'x-forwarded-host': 'hello-noa.karvdash.test:8443', 'x-forwarded-uri': '/' }
  expect((await send(`${backend.url}/gate`, { headers: gate })).status).not.toBe(500)
  await cluster.plane.startPart('kube-apiserver')
  await until(async () => (await person.send('POST', '/api/services', { template: 'hello', name: 'after' })).status === 201)
  await until(async () => (await person.send('GET', '/api/services')).text.includes('"after"'))
  await signIn(visitor(backend, 'noa'))
})

test('a backend that is stopped while the API server is away ends well, and at once', async () => {
  const backend = await start()
  await cluster.plane.stopPart('kube-apiserver')
  expect(await backend.stop()).toBe(0)
  await cluster.plane.startPart('kube-apiserver')
})
