import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, domain, startCluster } from '../support/cluster.ts'
import { type Echo, startEcho } from '../support/echo.ts'
import { askGate, hostOf, navigation, pageFetch } from '../support/gate.ts'
import { type IngressNginx, startIngressNginx } from '../support/ingress-nginx.ts'
import { activate, activeUser, basic, bearer, type Person, password, signedInAdmin, tokenOf } from '../support/people.ts'
import { type Sent, send } from '../support/send.ts'
import { launch } from '../support/services.ts'

let cluster: Cluster
let backend: Backend
let nginx: IngressNginx
let echo: Echo
let folder: string
let admin: Person
let alice: Person
let bob: Person
const [hello, lab, evil] = [hostOf('hello', 'alice'), hostOf('lab', 'alice'), hostOf('evil', 'bob')]

beforeAll(async () => {
  cluster = await startCluster('gate-nginx', { ingress: { manner: 'nginx' } })
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  bob = await activeUser(backend, 'bob', admin)
  await launch(alice, { template: 'hello' })
  await launch(alice, { template: 'hello', name: 'lab' })
  await launch(bob, { template: 'hello', name: 'evil' })
  folder = await mkdtemp(join(tmpdir(), 'karvdash-nginx-'))
  echo = await startEcho()
  const routes = await Promise.all([route('alice', 'hello'), route('alice', 'lab'), route('bob', 'evil')])
  nginx = await startIngressNginx({ folder, gate: backend.url, domain, routes })
}, 60_000)
afterAll(async () => {
  await nginx?.stop()
  echo?.stop()
  await cluster?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** The Ingress as it was launched. */
async function route(user: string, service: string) {
  const annotations = ['get', 'ingress', service, '-n', `karvdash-${user}`, '-o', 'jsonpath={.metadata.annotations}']
  const host = `${service}-${user}.${domain}`
  return {
    host,
    annotations: JSON.parse(await cluster.kubectl(...annotations)) as Record<string, string>,
    servicePort: echo.port,
  }
}

const ask = (host: string, headers: Record<string, string> = {}, { path = '/', method = 'GET' as Sent['method'] } = {}) =>
  send(`${nginx.url}${path}`, { ...(method && { method }), headers: { ...headers, host } })

/** Follows the browser's way from the service's host by the dashboard and back; gives what comes of it. */
async function signIn(person: Person, host: string, path = '/') {
  const { headers } = await ask(host, navigation, { path })
  const { pathname, search } = new URL(headers['location'] ?? '')
  const entered = await person.send('GET', pathname + search)
  const back = new URL(entered.headers['location'] ?? '')
  const answer = await ask(back.host, navigation, { path: back.pathname + back.search })
  return { back, answer, cookie: answer.cookies[0]?.split(';')[0] ?? '' }
}

describe('behind nginx, a browser', () => {
  test('is taken to the dashboard and back to the very page, and lands with a cookie for that host', async () => {
    const path = '/a%20b/c?d=e&f=%26%23'
    const first = await ask(hello, navigation, { path })
    const rd = encodeURIComponent(path).replaceAll('%2F', '/')
    expect(first.status).toBe(302)
    expect(decodeURIComponent(first.headers['location'] ?? '')).toBe(
      `https://karvdash.test:8443/enter?rd=https://${hello}${decodeURIComponent(rd)}`,
    )
    const { back, answer, cookie } = await signIn(alice, hello, path)
    expect(back.href).toMatch(/^https:\/\/hello-alice\.karvdash\.test:8443\/a%20b\/c\?d=e&f=%26%23&karvdash-ticket=/)
    expect(answer).toMatchObject({ status: 200, body: { headers: { 'x-karvdash-user': 'alice' } } })
    expect(answer.cookies[0]).toMatch(/^__Host-karvdash-gate=.*path=\/;.*samesite=lax; secure; httponly$/i)
    expect(await ask(hello, { ...pageFetch, cookie })).toMatchObject({ status: 200 })
    expect((await ask(lab, { ...navigation, cookie })).status).toBe(302)
  })

  test('that reloads a page with its used ticket is let in by the cookie, and signs in again without', async () => {
    const { back, cookie } = await signIn(alice, hello, '/x')
    const path = back.pathname + back.search
    expect(await ask(hello, { ...navigation, cookie }, { path })).toMatchObject({ status: 200 })
    expect(await ask(hello, navigation, { path })).toMatchObject({ status: 302 })
    const again = await signIn(alice, hello, path)
    expect(again.back.href.match(/karvdash-ticket/g)).toHaveLength(1)
    expect(again.answer.status).toBe(200)
  })

  test('of somebody else comes no further than the dashboard', async () => {
    const { pathname, search } = new URL((await ask(hello, navigation)).headers['location'] ?? '')
    const answer = await bob.send('GET', pathname + search)
    expect(answer.status).toBe(403)
    expect(answer.headers).not.toHaveProperty('location')
  })

  test.each([
    ['a fetch of a page', pageFetch, 'GET'],
    ['a frame', { ...navigation, 'sec-fetch-dest': 'iframe' }, 'GET'],
    ['a form that is sent', { ...navigation, origin: `https://${hello}` }, 'POST'],
    ['a tool', {}, 'GET'],
  ] as const)('gets 403 and is led nowhere for %s without a credential', async (_, headers, method) => {
    expect(await ask(hello, headers, { method })).toMatchObject({ status: 403 })
  })
})

describe('behind nginx, a tool', () => {
  test('of the owner enters with name and password or a token, and of others not', async () => {
    const { secret } = await tokenOf(alice)
    for (const headers of [basic('alice', password), bearer(secret), basic('alice', secret)])
      expect(await ask(hello, headers, { method: 'POST' })).toMatchObject({ status: 200, body: { method: 'POST' } })
    for (const headers of [basic('bob', password), basic('alice', 'wrong'), bearer((await tokenOf(admin)).secret)])
      expect(await ask(hello, headers)).toMatchObject({ status: 403 })
  })

  test('of a user who is deactivated is refused', async () => {
    await activeUser(backend, 'off', admin)
    await alice.send('PUT', '/api/services/hello/shares/off', {})
    expect((await ask(hello, basic('off', password))).status).toBe(200)
    await activate(admin, 'off', false)
    expect((await ask(hello, basic('off', password))).status).toBe(403)
  })
})

describe('what a service behind nginx is shown', () => {
  test('is no credential of the platform’s, and its own cookies', async () => {
    const { cookie } = await signIn(alice, hello)
    for (const credential of [
      { ...pageFetch, cookie: `a=1; ${cookie}; b=2` },
      { ...basic('alice', password), cookie: 'a=1; b=2' },
    ]) {
      const { body } = await ask(hello, credential)
      expect(body).toMatchObject({ headers: { cookie: 'a=1; b=2', 'x-karvdash-user': 'alice' } })
      expect(body).not.toHaveProperty('headers.authorization')
    }
  })

  test('as ticket is worth nothing, also where the browser had a cookie already', async () => {
    const { cookie } = await signIn(alice, hello)
    const entered = await alice.send('GET', `/enter?rd=${encodeURIComponent(`https://${hello}/`)}`)
    const { pathname, search } = new URL(entered.headers['location'] ?? '')
    expect((await ask(hello, { ...pageFetch, cookie }, { path: pathname + search })).status).toBe(200)
    expect(echo.seen.at(-1)?.url).toContain('karvdash-ticket=')
    const replay = await ask(hello, navigation, { path: pathname + search })
    expect(replay).toMatchObject({ status: 302, cookies: [] })
  })

  test('is a WebSocket of its own page, and of no other', async () => {
    const { cookie } = await signIn(alice, hello)
    const upgrade = (origin: string) =>
      raw(hello, [
        ...['GET /socket HTTP/1.1', `Host: ${hello}`, `Cookie: ${cookie}`, `Origin: ${origin}`],
        ...[
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        ],
      ])
    expect(await upgrade(`https://${hello}`)).toBe(101)
    expect(await upgrade(`https://${evil}`)).toBe(403)
  })
})

describe('attack behind nginx:', () => {
  test('a request says with forged headers for which host it is', async () => {
    const forged = {
      'x-forwarded-host': evil,
      'x-forwarded-uri': '/',
      'x-original-url': `https://${evil}/`,
      'x-original-uri': '/public',
      'x-original-method': 'OPTIONS',
      'x-karvdash-user': 'alice',
    }
    expect((await ask(hello, { ...basic('bob', password), ...forged })).status).toBe(403)
    expect((await ask(hello, { ...navigation, ...forged })).headers['location']).toContain(`rd=https://${hello}`)
    expect(await ask(evil, { ...basic('bob', password), ...forged })).toMatchObject({
      status: 200,
      body: { headers: { 'x-karvdash-user': 'bob' } },
    })
  })

  test('the request line names another host than the Host header, which alone the gate is shown', async () => {
    const seen = echo.seen.length
    const { authorization } = basic('bob', password)
    const lines = [`GET https://${hello}/stolen HTTP/1.1`, `Host: ${evil}`, `Authorization: ${authorization}`]
    expect(await raw(hello, lines)).toBe(403)
    expect(echo.seen).toHaveLength(seen)
    expect(await raw(evil, [`GET https://${evil}/ HTTP/1.1`, `Host: ${evil}`, `Authorization: ${authorization}`])).toBe(200)
  })

  test('the host is spelt in ways that two readers could read differently', async () => {
    const { authorization } = basic('alice', password)
    const status = (host: string) => raw(hello, ['GET / HTTP/1.1', `Host: ${host}`, `Authorization: ${authorization}`])
    expect(await status(hello)).toBe(200)
    for (const host of [hello.toUpperCase(), hello.replace(':8443', ''), hello.replace(':', '.:'), `${hello}/x`, `x@${hello}`])
      expect([400, 403, 404]).toContain(await status(host))
  })

  test.each([
    ['http', `http://${hello}/`],
    ['another port', 'https://hello-alice.karvdash.test:1/'],
    ['no port', 'https://hello-alice.karvdash.test/'],
    ['another domain', 'https://evil.example:8443/'],
    ['a domain that ends like ours', 'https://hello-alice.evilkarvdash.test:8443/'],
    ['the dashboard', 'https://karvdash.test:8443/'],
    ['our host as userinfo', `https://${hello}@evil.example/`],
    ['userinfo before our host', `https://x@${hello}/`],
    ['a backslash', `https://evil.example\\@${hello}/`],
    ['our host in upper case', `https://${hello.toUpperCase()}/`],
    ['a dot at its end', 'https://hello-alice.karvdash.test.:8443/'],
    ['somebody else’s service', `https://${evil}/`],
    ['a line feed', `https://${hello}/\nx`],
    ['a word', 'javascript:alert(1)'],
    ['nothing', ''],
  ])('the dashboard is to send a signed-in browser to %s', async (_, rd) => {
    const answer = await alice.send('GET', `/enter?${new URLSearchParams({ rd })}`)
    expect(answer.status).toBe(403)
    expect(answer.headers).not.toHaveProperty('location')
  })

  test('the address to go to is given twice, or in the form of the other manner', async () => {
    const rd = encodeURIComponent(`https://${hello}/`)
    for (const query of [`rd=${rd}&rd=${rd}`, 'host=hello-alice.karvdash.test&path=/'])
      expect((await alice.send('GET', `/enter?${query}`)).status).toBe(403)
  })

  test.each([
    ['takes the gate off', 'auth-url-'],
    ['asks the gate without saying for which host', 'auth-url=http://karvdash.karvdash.svc.cluster.local/gate'],
    ['asks the gate for a host of another', 'auth-url=http://karvdash.karvdash.svc.cluster.local/gate/hello-alice.karvdash.test'],
    ['leads visitors to a sign-in of their own', 'auth-signin=https://evil.example/enter'],
    ['leads visitors to no sign-in', 'auth-signin-'],
    ['lets cookies through', 'auth-response-headers=Authorization'],
  ])('a tenant %s', async (_, change) => {
    const annotate = cluster.kubectlAs(
      'bob',
      'annotate',
      '--overwrite',
      'ingress',
      'evil',
      `nginx.ingress.kubernetes.io/${change}`,
    )
    await expect(annotate).rejects.toThrow('Every Ingress carries the gate')
  })

  test('a tenant puts a host beside another, whose name the gate is then told', async () => {
    const backendOf = { service: { name: 'evil', port: { number: 80 } } }
    const rule = { host: 'other-bob.karvdash.test', http: { paths: [{ path: '/', pathType: 'Prefix', backend: backendOf }] } }
    const patch = JSON.stringify([{ op: 'add', path: '/spec/rules/-', value: rule }])
    const patched = cluster.kubectlAs('bob', 'patch', 'ingress', 'evil', '--type=json', '-p', patch)
    await expect(patched).rejects.toThrow('one host each')
  })

  test('a pod asks the gate itself, in the manner of the other controller', async () => {
    expect(await askGate(backend, { host: hello, headers: basic('alice', password) })).toMatchObject({ status: 403 })
  })
})

/** The status of an answer to lines that no HTTP library would send. */
async function raw(host: string, lines: string[]): Promise<number> {
  const servername = host.replace(/:\d+$/, '')
  const socket = connect({ host: '127.0.0.1', port: nginx.port, servername, rejectUnauthorized: false })
  const isUpgrade = lines.some((line) => line.startsWith('Upgrade:'))
  socket.write([...lines, ...(isUpgrade ? [] : ['Connection: close']), '', ''].join('\r\n'))
  let answer = ''
  for await (const chunk of socket) {
    answer += chunk
    if (answer.includes('\r\n\r\n')) break
  }
  socket.destroy()
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}
