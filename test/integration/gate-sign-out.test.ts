import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { askGate, hostCookie, hostOf, pageFetch } from '../support/gate.ts'
import { activeUser, type Person, signIn, visitor } from '../support/people.ts'
import { launch } from '../support/services.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let one: Backend
let two: Backend
let alice: Person
const hosts = [hostOf('hello', 'alice'), hostOf('other', 'alice')]

beforeAll(async () => {
  cluster = await startCluster('gate-sign-out')
  one = await cluster.backend()
  two = await cluster.backend()
  alice = await activeUser(one, 'alice')
  await launch(alice, { template: 'hello' })
  await launch(alice, { template: 'hello', name: 'other' })
}, 60_000)
afterAll(() => cluster?.stop())

/** What both replicas say to a session's cookie of each host. */
async function entrances(person: Person): Promise<() => Promise<number[]>> {
  const cookies = await Promise.all(hosts.map(async (host) => ({ host, cookie: await hostCookie(one, person, host) })))
  const asked = [one, two].flatMap((replica) => cookies.map(({ host, cookie }) => ({ replica, host, cookie })))
  const statuses = () =>
    Promise.all(
      asked.map(
        async ({ replica, host, cookie }) => (await askGate(replica, { host, headers: { ...pageFetch, cookie } })).status,
      ),
    )
  await until(async () => (await statuses()).every((status) => status === 200))
  return statuses
}

const isOut = (statuses: number[]) => statuses.every((status) => status === 401)

test('who signs out is signed out of every service host, on every replica', async () => {
  const [here, elsewhere] = [await signIn(visitor(one, 'alice')), await signIn(visitor(one, 'alice'))]
  const [ofThis, ofOther] = [await entrances(here), await entrances(elsewhere)]
  expect((await here.send('DELETE', '/api/session')).status).toBeLessThan(300)
  await until(async () => isOut(await ofThis()))
  expect(await ofOther()).toEqual([200, 200, 200, 200])
})

test('who signs out everywhere is signed out of every service host, whichever session it was entered by', async () => {
  const [here, elsewhere] = [await signIn(visitor(one, 'alice')), await signIn(visitor(two, 'alice'))]
  const all = [await entrances(here), await entrances(elsewhere)]
  expect((await here.send('DELETE', '/api/account/sessions')).status).toBeLessThan(300)
  await until(async () => (await Promise.all(all.map((statuses) => statuses()))).every(isOut))
})

test('attack: a ticket that was got before signing out is worth nothing after', async () => {
  const person = await signIn(visitor(one, 'alice'))
  const [host = ''] = hosts
  const answer = await person.send('GET', `/enter?${new URLSearchParams({ host: host.replace(/:\d+$/, ''), path: '/' })}`)
  const { pathname, search } = new URL(answer.headers['location'] ?? '')
  await person.send('DELETE', '/api/session')
  const { cookies } = await askGate(one, { host, path: pathname + search })
  const cookie = cookies[0]?.split(';')[0] ?? ''
  expect((await askGate(one, { host, headers: { ...pageFetch, cookie } })).status).toBe(401)
})
