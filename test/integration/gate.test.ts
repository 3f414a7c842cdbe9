import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { askGate, hostCookie, hostOf, pageFetch } from '../support/gate.ts'
import { activate, activeUser, basic, bearer, type Person, password, signedInAdmin, tokenOf } from '../support/people.ts'
import { launch } from '../support/services.ts'

let cluster: Cluster
let backend: Backend
let admin: Person
let alice: Person
let bob: Person
let secret: string
const hello = hostOf('hello', 'alice')
const lab = hostOf('lab', 'alice')

beforeAll(async () => {
  cluster = await startCluster('gate')
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  bob = await activeUser(backend, 'bob', admin)
  secret = (await tokenOf(alice)).secret
  await launch(alice, { template: 'hello' })
  await launch(alice, { template: 'jupyterlab', name: 'lab' })
}, 60_000)
afterAll(() => cluster?.stop())

const ask = (host: string, headers: Record<string, string> = {}, more: { path?: string; method?: string } = {}) =>
  askGate(backend, { host, headers, ...more })
const jupyterToken = async () => {
  const encoded = await cluster.kubectl('get', 'secret', 'lab', '-n', 'karvdash-alice', '-o', 'jsonpath={.data.token}')
  return Buffer.from(encoded, 'base64').toString()
}

describe('a tool', () => {
  test('of the owner enters with name and password, a token, or a token as the password', async () => {
    for (const headers of [basic('alice', password), bearer(secret), basic('alice', secret)])
      expect(await ask(hello, headers)).toMatchObject({ status: 200, headers: { 'x-karvdash-user': 'alice' } })
  })

  test('without credentials is asked for a password', async () => {
    const answer = await ask(hello)
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': expect.stringContaining('Basic') } })
  })

  test('of somebody else is refused, an administrator’s too, and told whose it is', async () => {
    for (const headers of [basic('bob', password), bearer((await tokenOf(bob)).secret), bearer((await tokenOf(admin)).secret)]) {
      const answer = await ask(hello, headers)
      expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('belongs to alice') })
      expect(answer.headers).not.toHaveProperty('x-karvdash-user')
    }
  })

  test('with a wrong password, a forged token or an unknown scheme is refused', async () => {
    for (const headers of [
      basic('alice', 'wrong password'),
      bearer(secret.replace(/.$/, 'g')),
      { authorization: 'Negotiate abc' },
      { authorization: 'Basic' },
    ])
      expect(await ask(hello, headers)).toMatchObject({ status: 401 })
  })

  test('cannot say who it is in a header', async () => {
    expect(await ask(hello, { 'x-karvdash-user': 'alice' })).toMatchObject({ status: 401 })
    expect(await ask(hello, { ...bearer(secret), 'x-karvdash-user': 'bob' })).toMatchObject({
      headers: { 'x-karvdash-user': 'alice' },
    })
  })

  test('of the owner gets 404 where there is no such service, and somebody else cannot tell', async () => {
    expect(await ask(hostOf('nothing', 'alice'), bearer(secret))).toMatchObject({ status: 404 })
    const there = await ask(hello, basic('bob', password))
    const notThere = await ask(hostOf('nothing', 'alice'), basic('bob', password))
    expect([notThere.status, notThere.text]).toEqual([there.status, there.text])
  })
})

describe('what a service is given', () => {
  test('is its own credential in the place of the platform’s', async () => {
    const own = `token ${await jupyterToken()}`
    for (const headers of [basic('alice', password), bearer(secret), basic('alice', secret)])
      expect((await ask(lab, headers)).headers['authorization']).toBe(own)
    const cookie = await hostCookie(backend, alice, lab)
    expect((await ask(lab, { ...pageFetch, cookie })).headers['authorization']).toBe(own)
    expect((await ask(hello, bearer(secret))).headers).not.toHaveProperty('authorization')
  })

  test('are its own cookies without the platform’s', async () => {
    const cookie = await hostCookie(backend, alice, hello)
    const session = alice.headers()['cookie'] ?? ''
    const { headers, text } = await ask(hello, {
      ...pageFetch,
      cookie: `a=1; ${cookie};${session} ; _xsrf="2|x"; __Host-karvdashx=1`,
    })
    expect(headers['cookie']).toBe('a=1; _xsrf="2|x"')
    expect(JSON.stringify(headers) + text).not.toContain('__Host-karvdash')
    expect((await ask(hello, { ...pageFetch, cookie })).headers).not.toHaveProperty('cookie')
  })

  test('is the Authorization that its own page sends, with the host’s cookie', async () => {
    const cookie = await hostCookie(backend, alice, lab)
    for (const own of ['token of-its-own', 'Bearer eyJ.a.b', basic('service', 'its own').authorization ?? ''])
      expect((await ask(lab, { ...pageFetch, cookie, authorization: own })).headers['authorization']).toBe(own)
  })

  test('is never a credential of the platform that a browser sends along with the cookie', async () => {
    const cookie = await hostCookie(backend, alice, lab)
    for (const headers of [
      basic('alice', password),
      bearer(secret),
      basic('x', secret),
      { authorization: `bEARER  ${secret}` },
    ]) {
      const answer = await ask(lab, { ...pageFetch, cookie, ...headers })
      expect(answer.headers['authorization']).toBe(`token ${await jupyterToken()}`)
    }
  })

  test('is the credential of this very launch, also where one of the same name was there a moment ago', async () => {
    const person = await activeUser(backend, 'rae', admin)
    const headers = basic('rae', password)
    const handedOver = async () => (await ask(hostOf('jupyterlab', 'rae'), headers)).headers['authorization']
    await launch(person, { template: 'jupyterlab' })
    const first = await handedOver()
    await cluster.kubectl('delete', 'servicerecord', 'jupyterlab', '-n', 'karvdash-rae', '--cascade=foreground')
    await launch(person, { template: 'jupyterlab' })
    expect(await handedOver()).toMatch(/^token [0-9a-f]{48}$/)
    expect(await handedOver()).not.toBe(first)
  })
})

describe('games with the host', () => {
  test.each([
    ['in upper case', 'HELLO-ALICE.KARVDASH.TEST:8443'],
    ['with a dot at its end', 'hello-alice.karvdash.test.:8443'],
    ['without its port', 'hello-alice.karvdash.test'],
    ['with another port', 'hello-alice.karvdash.test:443'],
    ['with two ports', 'hello-alice.karvdash.test:8443:8443'],
    ['with a port that is a word', 'hello-alice.karvdash.test:https'],
    ['twice', 'hello-alice.karvdash.test:8443, hello-bob.karvdash.test:8443'],
    ['with userinfo', 'x@hello-alice.karvdash.test:8443'],
    ['of a deeper subdomain', 'x.hello-alice.karvdash.test:8443'],
    ['of the dashboard', 'karvdash.test:8443'],
    ['of another domain', 'hello-alice.evil.example:8443'],
    ['of a domain that ends like ours', 'hello-alice.xkarvdash.test:8443'],
    ['without a service', '-alice.karvdash.test:8443'],
    ['without a user', 'hello-.karvdash.test:8443'],
    ['of a user in upper case', 'hello-ALICE.karvdash.test:8443'],
    ['that is empty', ''],
  ])('%s: there is nobody at such an address', async (_, host) => {
    expect(await ask(host, bearer(secret))).toMatchObject({ status: 421 })
  })

  test('the user stands behind the last hyphen, so nobody can own a host of somebody else’s', async () => {
    await launch(alice, { template: 'hello', name: 'hello-bob' })
    const answer = await ask('hello-bob-alice.karvdash.test:8443', bearer(secret))
    expect(answer).toMatchObject({ status: 200, headers: { 'x-karvdash-user': 'alice' } })
    expect(await ask('alice-bob.karvdash.test:8443', bearer(secret))).toMatchObject({ status: 403 })
  })
})

test('an owner who is deactivated is refused at once, however they come', async () => {
  const person = await activeUser(backend, 'off', admin)
  await launch(person, { template: 'hello' })
  const host = hostOf('hello', 'off')
  const cookie = await hostCookie(backend, person, host)
  const token = await tokenOf(person)
  const ways = [{ ...pageFetch, cookie }, bearer(token.secret), basic('off', password), basic('off', token.secret)]
  const statuses = async () => Promise.all(ways.map(async (headers) => (await ask(host, headers)).status))
  expect(await statuses()).toEqual([200, 200, 200, 200])
  await activate(admin, 'off', false)
  for (const status of await statuses()) expect([401, 403]).toContain(status)
})
