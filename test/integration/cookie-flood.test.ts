import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { askGate, hostCookie, hostOf, navigation, pageFetch } from '../support/gate.ts'
import { activeUser, bearer, type Person, tokenOf } from '../support/people.ts'
import { send } from '../support/send.ts'
import { launch } from '../support/services.ts'

let cluster: Cluster
let backend: Backend
let alice: Person
const hello = hostOf('hello', 'alice')
/** What a page of a subdomain can set at most for the whole site: about 180 cookies of 4 KiB. */
const planted = Array.from({ length: 180 }, (_, n) => `c${n}=${'x'.repeat(4090)}`).join('; ')

beforeAll(async () => {
  cluster = await startCluster('cookie-flood')
  backend = await cluster.backend()
  alice = await activeUser(backend, 'alice')
  await launch(alice, { template: 'hello' })
}, 60_000)
afterAll(() => cluster?.stop())

const clears = {
  status: 400,
  headers: {
    'clear-site-data': '"cookies"',
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': expect.stringMatching(/^default-src 'none';/),
    'cache-control': 'no-store',
  },
  text: expect.stringMatching(/cleared now.*<a href="\/">Go on<\/a>/s),
}

test.each(['/', '/api/session', '/enter?host=a&path=b', '/anything'])(
  'attack: cookies planted from a subdomain lock nobody out of the dashboard: %s clears them',
  async (path) => {
    const cookie = `${alice.headers()['cookie']}; ${planted}`
    expect(await send(backend.url + path, { headers: { ...navigation, cookie } })).toMatchObject(clears)
  },
)

test('a change with too many cookies changes nothing', async () => {
  const cookie = `${alice.headers()['cookie']}; ${planted}`
  expect(await alice.send('DELETE', '/api/services/hello', undefined, { cookie })).toMatchObject(clears)
  expect(await alice.send('GET', '/api/services/hello')).toMatchObject({ status: 200 })
})

test('attack: nor out of a service, where a page that is navigated to clears them', async () => {
  const cookie = `${await hostCookie(backend, alice, hello)}; ${planted}`
  expect(await askGate(backend, { host: hello, headers: { ...navigation, cookie } })).toMatchObject(clears)
})

test('what a page fetches is left to its service, with however many cookies', async () => {
  const cookie = `${await hostCookie(backend, alice, hello)}; a=${'x'.repeat(9000)}`
  const answer = await askGate(backend, { host: hello, headers: { ...pageFetch, cookie } })
  expect(answer).toMatchObject({ status: 200, headers: { cookie: `a=${'x'.repeat(9000)}` } })
})

test('cookies that a site may well have are no reason to clear them', async () => {
  const cookie = `${alice.headers()['cookie']}; a=${'x'.repeat(7000)}`
  expect(await alice.send('GET', '/api/services', undefined, { cookie })).toMatchObject({ status: 200 })
})

test('attack: headers that are longer than any browser’s cookies are not read to their end', async () => {
  const { secret } = await tokenOf(alice)
  const headers = { ...bearer(secret), 'x-filler': 'x'.repeat(2 * 1024 * 1024) }
  await expect(send(`${backend.url}/api/services`, { headers }).then(({ status }) => status)).resolves.toBe(431)
})
