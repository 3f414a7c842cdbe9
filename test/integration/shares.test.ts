import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { askGate, hostCookie, hostOf, pageFetch } from '../support/gate.ts'
import { activate, activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { launch } from '../support/services.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let other: Backend
let admin: Person
let alice: Person
let bob: Person
const hello = hostOf('hello', 'alice')

beforeAll(async () => {
  cluster = await startCluster('shares')
  backend = await cluster.backend()
  other = await cluster.backend()
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  bob = await activeUser(backend, 'bob', admin)
  await launch(alice, { template: 'hello' })
  await launch(alice, { template: 'jupyterlab', name: 'lab' })
}, 60_000)
afterAll(() => cluster?.stop())

const share = (service: string, user: string, body = {}) => alice.send('PUT', `/api/services/${service}/shares/${user}`, body)
const enters = async (person: Person, host: string) => {
  const cookie = await hostCookie(backend, person, host).catch(() => '')
  return cookie !== '' && (await askGate(backend, { host, headers: { ...pageFetch, cookie } })).status === 200
}

test('a service is entered by whom it is shared with, as themselves, and shows who that is', async () => {
  expect(await enters(bob, hello)).toBe(false)
  expect(await share('hello', 'bob')).toMatchObject({ status: 200, body: { name: 'hello', sharedWith: ['bob'] } })
  expect(await enters(bob, hello)).toBe(true)
  expect((await bob.send('GET', '/api/shared')).body).toMatchObject({ items: [{ owner: 'alice', name: 'hello' }] })
  expect((await bob.send('GET', '/api/services')).body).toMatchObject({ items: [] })
  expect((await alice.send('GET', '/api/services')).body).toMatchObject({ items: [{ sharedWith: ['bob'] }, { name: 'lab' }] })
})

test('a share ends by either side, at once, on every replica, with the cookie that was got by it', async () => {
  for (const end of [
    () => alice.send('DELETE', '/api/services/hello/shares/bob'),
    () => bob.send('DELETE', '/api/shared/alice/hello'),
  ]) {
    await share('hello', 'bob')
    const cookie = await hostCookie(backend, bob, hello)
    expect((await end()).status).toBeLessThan(300)
    for (const replica of [backend, other])
      await until(async () => (await askGate(replica, { host: hello, headers: { ...pageFetch, cookie } })).status === 403)
  }
})

test('a service with a shell is shared only by who says that they know what that means', async () => {
  const refused = await share('lab', 'bob')
  expect(refused).toMatchObject({ status: 409, body: { needs: 'isAware', detail: expect.stringContaining('as you could') } })
  expect(await share('lab', 'bob', { isAware: true })).toMatchObject({ status: 200, body: { sharedWith: ['bob'] } })
  await alice.send('DELETE', '/api/services/lab/shares/bob')
})

test('attack: somebody shares what is not theirs, or shares it on', async () => {
  await share('hello', 'bob')
  const mallory = await activeUser(backend, 'mallory', admin)
  expect(await bob.send('PUT', '/api/services/hello/shares/mallory', {})).toMatchObject({ status: 404 })
  expect(await mallory.send('PUT', '/api/services/hello/shares/bob', {})).toMatchObject({ status: 404 })
  expect(await mallory.send('DELETE', '/api/shared/alice/hello')).toMatchObject({ status: 404 })
  expect(await enters(mallory, hello)).toBe(false)
  await alice.send('DELETE', '/api/services/hello/shares/bob')
})

test.each([['alice'], ['nobody'], ['waiting']])('a service is not shared with %s', async (name) => {
  expect(await share('hello', name)).toMatchObject({ status: 400 })
})

test('nobody enters what is shared while its owner is not active', async () => {
  const carl = await activeUser(backend, 'carl', admin)
  await launch(carl, { template: 'hello' })
  await carl.send('PUT', '/api/services/hello/shares/bob', {})
  const host = hostOf('hello', 'carl')
  const cookie = await hostCookie(backend, bob, host)
  const status = async () => (await askGate(backend, { host, headers: { ...pageFetch, cookie } })).status
  expect(await status()).toBe(200)
  await activate(admin, 'carl', false)
  expect(await status()).toBe(403)
})

test('who comes after a deleted user, under the same name, enters nothing that was shared with them', async () => {
  const dora = await activeUser(backend, 'dora', admin)
  await share('hello', 'dora')
  expect(await enters(dora, hello)).toBe(true)
  await admin.send('DELETE', '/api/users/dora?files=erase')
  await until(async () => (await cluster.kubectl('get', 'user', 'dora', '--ignore-not-found')) === '')
  await until(async () => (await cluster.kubectl('get', 'secret', 'account.dora', '-n', 'karvdash', '--ignore-not-found')) === '')
  expect(await enters(await activeUser(backend, 'dora', admin), hello)).toBe(false)
})
