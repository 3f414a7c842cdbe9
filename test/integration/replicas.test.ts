import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { follow } from '../support/events.ts'
import {
  activate,
  activeUser,
  bearer,
  type Person,
  password,
  signedInAdmin,
  signIn,
  tokenOf,
  visitor,
} from '../support/people.ts'
import { send } from '../support/send.ts'
import { launch } from '../support/services.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let one: Backend
let two: Backend
let admin: Person

beforeAll(async () => {
  cluster = await startCluster('replicas')
  const replicas = ['one', 'two'].map((name) => cluster.backend({ KARVDASH_POD_NAME: name }))
  ;[one, two] = (await Promise.all(replicas)) as [Backend, Backend]
  admin = await signedInAdmin(one)
}, 60_000)
afterAll(() => cluster?.stop())

const newUser = (name: string) => activeUser(one, name, admin)

test('two replicas that start at once share one admin, one session key and one CA', async () => {
  const secrets = await cluster.kubectl('get', 'secrets', '-n', 'karvdash', '-o', 'name')
  for (const name of ['account.admin', 'karvdash-session-key', 'karvdash-tls'])
    expect(secrets.split('\n')).toContain(`secret/${name}`)
  expect(await admin.at(two).send('GET', '/api/users')).toMatchObject({ status: 200 })
})

describe('what happens on one replica holds on the other', () => {
  test('a session, at once', async () => {
    await newUser('sam')
    for (let n = 0; n < 5; n++) {
      const sam = await signIn(visitor(one, 'sam'))
      expect(await sam.at(two).send('GET', '/api/session')).toMatchObject({ status: 200 })
    }
  })

  test('a change, with the CSRF token of the first', async () => {
    const person = await newUser('cleo')
    expect(await person.at(two).send('POST', '/api/account/tokens', { name: 'two' })).toMatchObject({ status: 201 })
  })

  test('a token, at once, and its end', async () => {
    const person = await newUser('tom')
    const { id, secret } = await tokenOf(person)
    const services = () => send(`${two.url}/api/services`, { headers: bearer(secret) })
    expect(await services()).toMatchObject({ status: 200 })
    await person.send('DELETE', `/api/account/tokens/${id}`)
    await until(async () => (await services()).status === 401)
  })

  test('signing out', async () => {
    const person = await newUser('olga')
    const before = person.headers()
    await person.send('DELETE', '/api/session')
    await until(async () => (await send(`${two.url}/api/services`, { headers: before })).status === 401)
  })

  test('a new password, and that the old one opens nothing', async () => {
    const person = await newUser('pam')
    const elsewhere = await signIn(visitor(two, 'pam'))
    await person.send('PUT', '/api/account/password', { current: password, next: 'another password' })
    await until(async () => (await elsewhere.send('GET', '/api/session')).status === 401)
    expect(await visitor(two).send('POST', '/api/session', { username: 'pam', password })).toMatchObject({ status: 401 })
  })

  test('deactivation', async () => {
    const person = await newUser('dean')
    await activate(admin, 'dean', false)
    await until(async () => (await person.at(two).send('GET', '/api/services')).status === 401)
  })

  test('a service: launched on one, it can be had and deleted on the other', async () => {
    const person = await newUser('lou')
    await launch(person, { template: 'hello' })
    expect(await person.at(two).send('GET', '/api/services/hello')).toMatchObject({ status: 200 })
    expect(await person.at(two).send('DELETE', '/api/services/hello')).toMatchObject({ status: 204 })
    await until(async () => (await person.send('GET', '/api/services/hello')).status === 404)
  })
})

describe('the stream of services', () => {
  const names = (events: unknown[]) =>
    (events as { service?: { name: string }; name?: string }[]).map(({ service, name }) => service?.name ?? name)

  test('tells all first, then each change, then that one is gone; on another replica than the change was made, too', async () => {
    const person = await newUser('eva')
    await launch(person, { template: 'hello', name: 'first' })
    const stream = await follow(two, person.headers())
    await until(() => names(stream.events).includes('first'))
    await launch(person, { template: 'hello', name: 'second' })
    await until(() => names(stream.events).includes('second'))
    await person.send('DELETE', '/api/services/first')
    await until(() => stream.events.find((event) => JSON.stringify(event) === '{"type":"gone","name":"first"}'))
    expect(stream.events).toContainEqual(
      expect.objectContaining({ type: 'service', service: expect.objectContaining({ name: 'first', state: 'Deleting' }) }),
    )
    stream.end()
  })

  test('says nothing of somebody else’s', async () => {
    const [person, other] = [await newUser('ivy'), await newUser('ira')]
    const stream = await follow(one, person.headers())
    await launch(other, { template: 'hello', name: 'theirs' })
    await launch(person, { template: 'hello', name: 'mine' })
    await until(() => names(stream.events).includes('mine'))
    expect(names(stream.events)).not.toContain('theirs')
    stream.end()
  })

  test('says nothing more, and ends, once its session is over or its user is not active', async () => {
    const person = await newUser('zoe')
    const elsewhere = await signIn(visitor(one, 'zoe'))
    const { secret } = await tokenOf(person)
    const streams = [
      await follow(one, elsewhere.headers()),
      await follow(two, bearer(secret)),
      await follow(two, person.headers()),
    ]
    await elsewhere.send('DELETE', '/api/session')
    await launch(person, { template: 'hello', name: 'later' })
    await until(() => streams[0]?.isOver())
    expect(names(streams[0]?.events ?? [])).not.toContain('later')
    await until(() => streams.slice(1).every((stream) => names(stream.events).includes('later')))
    await activate(admin, 'zoe', false)
    await cluster.kubectl('delete', 'servicerecord', 'later', '-n', 'karvdash-zoe')
    await until(() => streams.every((stream) => stream.isOver()))
    expect(JSON.stringify(streams.map(({ events }) => events))).not.toContain('gone')
  })
})

test('a replica that is stopped takes its leave, and the other reconciles within moments', async () => {
  expect(await one.stop()).toBe(0)
  const there = await signedInAdmin(two)
  await activeUser(two, 'last', there)
  await until(
    async () =>
      (await cluster.kubectl(
        'get',
        'lease',
        'karvdash-reconciler',
        '-n',
        'karvdash',
        '-o',
        'jsonpath={.spec.holderIdentity}',
      )) === 'two',
  )
  await cluster.kubectl('delete', 'rolebinding', 'karvdash-platform', '-n', 'karvdash-last')
  await until(() =>
    cluster.kubectl('get', 'rolebinding', 'karvdash-platform', '-n', 'karvdash-last', '--ignore-not-found', '-o', 'name'),
  )
})
