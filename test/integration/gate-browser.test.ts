import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { answering, askGate, hostCookie, hostOf, navigation, pageFetch, ticketFor } from '../support/gate.ts'
import { activeUser, type Person, signedInAdmin, visitor } from '../support/people.ts'
import { launch } from '../support/services.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let admin: Person
let alice: Person
const hello = hostOf('hello', 'alice')
const lab = hostOf('lab', 'alice')

beforeAll(async () => {
  cluster = await startCluster('gate-browser')
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  await activeUser(backend, 'bob', admin)
  await launch(alice, { template: 'hello' })
  await launch(alice, { template: 'jupyterlab', name: 'lab' })
  await answering(cluster, 'alice', 'hello')
  const headers = { ...navigation, cookie: await hostCookie(backend, alice, hello) }
  await until(async () => (await ask(hello, headers)).status === 200)
}, 60_000)
afterAll(() => cluster?.stop())

const ask = (host: string, headers: Record<string, string> = {}, more: { path?: string; method?: string } = {}) =>
  askGate(backend, { host, headers, ...more })

describe('a browser that nobody is signed in with', () => {
  test('is taken to the dashboard when it navigates, and from there to sign in', async () => {
    const answer = await ask(hello, navigation, { path: '/a?b=c&d' })
    const location = 'https://karvdash.test:8443/enter?host=hello-alice.karvdash.test&path=%2Fa%3Fb%3Dc%26d'
    expect(answer).toMatchObject({ status: 302, headers: { location } })
    const { pathname, search } = new URL(location)
    const next = await visitor(backend).send('GET', pathname + search)
    expect(next).toMatchObject({ status: 302, headers: { location: `/?next=${encodeURIComponent(pathname + search)}` } })
  })

  test.each([
    ['a fetch of a page', pageFetch, 'GET'],
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }, 'GET'],
    ['a frame', { ...navigation, 'sec-fetch-dest': 'iframe' }, 'GET'],
    ['a form that is sent', { ...navigation, origin: `https://${hello}` }, 'POST'],
    ['a WebSocket', { 'sec-fetch-mode': 'websocket', 'sec-websocket-key': 'x', accept: 'text/html' }, 'GET'],
  ])('gets 401 and no prompt for %s', async (_, headers, method) => {
    const answer = await ask(hello, headers, { method })
    expect(answer.status).toBe(401)
    expect(answer.headers).not.toHaveProperty('www-authenticate')
  })
})

describe('a ticket', () => {
  test('gives the host’s cookie once, and leads to where the browser was going', async () => {
    const ticket = await ticketFor(alice, hello, '/a?b=c')
    expect(ticket.host).toBe(hello)
    const path = ticket.pathname + ticket.search
    const first = await ask(hello, navigation, { path })
    expect(first).toMatchObject({ status: 302, headers: { location: `https://${hello}/a?b=c`, 'cache-control': 'no-store' } })
    expect(first.cookies[0]?.toLowerCase()).toMatch(/^__host-karvdash-gate=.*path=\/;.*secure; httponly/)
    const replay = await ask(hello, navigation, { path })
    expect(replay).toMatchObject({ status: 403, cookies: [] })
  })

  test('that two use at the same moment lets one of them in', async () => {
    const ticket = await ticketFor(alice, hello)
    const path = ticket.pathname + ticket.search
    const answers = await Promise.all([1, 2, 3].map(() => ask(hello, navigation, { path })))
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 403, 403])
  })

  test('for one host opens no other, also none of the same owner, and is not used up by trying', async () => {
    const ticket = await ticketFor(alice, hello)
    const path = ticket.pathname + ticket.search
    expect(await ask(lab, navigation, { path })).toMatchObject({ status: 403, cookies: [] })
    expect(await ask(hello, navigation, { path })).toMatchObject({ status: 302 })
  })

  test('that is forged, or a session or a cookie in its place, is refused', async () => {
    const session = alice.headers()['cookie']?.split('=')[1] ?? ''
    const gate = (await hostCookie(backend, alice, hello)).split('=')[1] ?? ''
    const { search } = await ticketFor(alice, hello)
    for (const forged of [
      '',
      '.',
      'a.b',
      session,
      gate,
      search.slice('?ticket='.length, -2),
      `${search.slice('?ticket='.length)}x`,
    ])
      expect(await ask(hello, navigation, { path: `/.karvdash/enter?ticket=${forged}` })).toMatchObject({
        status: 403,
        cookies: [],
      })
  })

  test.each([
    ['somebody else’s host', 'hello-bob.karvdash.test'],
    ['another domain', 'evil.example'],
    ['a domain that ends like ours', 'hello-alice.evilkarvdash.test'],
    ['the dashboard', 'karvdash.test'],
    ['userinfo before a domain', 'x@evil.example'],
    ['our host as userinfo', 'hello-alice.karvdash.test@evil.example'],
    ['a path in the host', 'evil.example/hello-alice.karvdash.test'],
    ['a port of another', 'hello-alice.karvdash.test:1'],
    ['our host in upper case', 'HELLO-ALICE.karvdash.test'],
    ['a dot at its end', 'hello-alice.karvdash.test.'],
    ['nothing', ''],
  ])('is not given for %s', async (_, host) => {
    const answer = await alice.send('GET', `/enter?${new URLSearchParams({ host, path: '/' })}`)
    expect(answer.status).toBe(403)
    expect(answer.headers).not.toHaveProperty('location')
  })

  test.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    '@evil.example',
    '.evil.example',
    '/a b',
    '/a\nb',
    '',
  ])('never leads off the host, with the path %j', async (path) => {
    const ticket = await ticketFor(alice, hello, path)
    expect(ticket.host).toBe(hello)
    const { headers } = await ask(hello, navigation, { path: ticket.pathname + ticket.search })
    expect(new URL(headers['location'] ?? '').host).toBe(hello)
  })
})

describe('a host’s cookie', () => {
  test('lets its owner’s browser in, at its own host alone', async () => {
    const cookie = await hostCookie(backend, alice, hello)
    expect(await ask(hello, { ...navigation, cookie })).toMatchObject({ status: 200 })
    expect(await ask(lab, { ...navigation, cookie })).toMatchObject({ status: 302 })
    expect(await ask(hostOf('hello', 'bob'), { ...navigation, cookie })).toMatchObject({ status: 302 })
  })

  test('shows a page in the place of a service that cannot answer yet, and the service once it can', async () => {
    const person = await activeUser(backend, 'wim', admin)
    await launch(person, { template: 'hello' })
    const host = hostOf('hello', 'wim')
    const headers = { ...navigation, cookie: await hostCookie(backend, person, host) }
    // The Service gets its first, empty slice a moment after it was made: until then nothing is known of it.
    const page = await until(async () => {
      const answer = await ask(host, headers)
      return answer.status === 503 ? answer : undefined
    })
    expect(page).toMatchObject({ text: expect.stringContaining('<h1>hello is starting</h1>'), headers: { refresh: '10' } })
    expect(page.headers['content-security-policy']).toContain("script-src 'sha256-")
    await answering(cluster, 'wim', 'hello')
    await until(async () => (await ask(host, headers)).status === 200)
  })

  test('is not the dashboard’s session, nor the other way round', async () => {
    const gate = (await hostCookie(backend, alice, hello)).replace('__Host-karvdash-gate', '__Host-karvdash')
    expect(await visitor(backend).send('GET', '/api/session', undefined, { cookie: gate })).toMatchObject({ status: 401 })
    const session = (alice.headers()['cookie'] ?? '').replace('__Host-karvdash', '__Host-karvdash-gate')
    expect(await ask(hello, { ...navigation, cookie: session })).toMatchObject({ status: 302 })
    expect(await ask(hello, { ...navigation, cookie: alice.headers()['cookie'] ?? '' })).toMatchObject({ status: 302 })
  })

  test('ends with the session that it came from', async () => {
    const person = await activeUser(backend, 'sid', admin)
    await launch(person, { template: 'hello' })
    const host = hostOf('hello', 'sid')
    const cookie = await hostCookie(backend, person, host)
    expect(await ask(host, { ...pageFetch, cookie })).toMatchObject({ status: 200 })
    await person.send('DELETE', '/api/session')
    expect(await ask(host, { ...pageFetch, cookie })).toMatchObject({ status: 401 })
  })

  test.each([
    [
      'a POST from another tenant’s page',
      403,
      { origin: 'https://hello-bob.karvdash.test:8443', 'sec-fetch-site': 'same-site' },
      'POST',
    ],
    ['a POST from the dashboard', 403, { origin: 'https://karvdash.test:8443', 'sec-fetch-site': 'same-site' }, 'POST'],
    ['a POST that does not tell its origin', 403, { 'sec-fetch-site': 'same-origin' }, 'POST'],
    ['a POST of its own page', 200, { origin: `https://${hello}`, 'sec-fetch-site': 'same-origin' }, 'POST'],
    ['a DELETE of a foreign page', 403, { origin: 'null' }, 'DELETE'],
    ['a method nobody knows from a foreign page', 403, { origin: 'https://evil.example' }, 'FROB'],
    [
      'a WebSocket of another tenant’s page',
      403,
      { origin: 'https://hello-bob.karvdash.test:8443', 'sec-websocket-key': 'x' },
      'GET',
    ],
    ['a WebSocket without an origin', 403, { 'sec-websocket-key': 'x' }, 'GET'],
    ['a WebSocket of its own page', 200, { origin: `https://${hello}`, 'sec-websocket-key': 'x' }, 'GET'],
    [
      'an image on another tenant’s page',
      403,
      { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image', 'sec-fetch-site': 'same-site' },
      'GET',
    ],
    ['a frame on another tenant’s page', 403, { ...navigation, 'sec-fetch-dest': 'iframe' }, 'GET'],
    [
      'a fetch of another tenant’s page',
      403,
      { ...pageFetch, origin: 'https://hello-bob.karvdash.test:8443', 'sec-fetch-site': 'same-site' },
      'GET',
    ],
    ['a link on another page', 200, { ...navigation, 'sec-fetch-site': 'cross-site' }, 'GET'],
    ['a fetch of its own page', 200, pageFetch, 'GET'],
  ])('with %s: %d', async (_, status, headers, method) => {
    const cookie = await hostCookie(backend, alice, hello)
    expect(await ask(hello, { ...(headers as Record<string, string>), cookie }, { method })).toMatchObject({ status })
  })
})
