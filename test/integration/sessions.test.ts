import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import {
  activate,
  activeUser,
  basic,
  bearer,
  origin,
  type Person,
  password,
  signedInAdmin,
  signedUp,
  signIn,
  tokenOf,
  visitor,
} from '../support/people.ts'
import { send } from '../support/send.ts'

let cluster: Cluster
let backend: Backend
let admin: Person

beforeAll(async () => {
  cluster = await startCluster('sessions')
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
}, 60_000)
afterAll(() => cluster?.stop())

const newUser = (name: string) => activeUser(backend, name, admin)
const mine = (headers: Record<string, string>) => send(`${backend.url}/api/services`, { headers })

describe('signing in', () => {
  test('gives a cookie that scripts cannot read and other hosts cannot set, and nothing secret besides', async () => {
    await newUser('carl')
    const { cookies, body, headers } = await visitor(backend, 'carl').send('POST', '/api/session', { username: 'carl', password })
    expect(cookies).toHaveLength(1)
    const attributes = cookies[0]?.toLowerCase().split('; ') ?? []
    expect(attributes).toEqual(expect.arrayContaining(['path=/', 'secure', 'httponly', 'samesite=lax']))
    expect(attributes[0]).toMatch(/^__host-karvdash=/)
    expect(attributes.join()).not.toContain('domain=')
    expect(body).toMatchObject({ user: { name: 'carl', role: 'user', active: true }, csrf: expect.any(String) })
    expect(headers).toMatchObject({ 'cache-control': 'no-store' })
  })

  test('is refused in the same words for a wrong password, an unknown user and an impossible name', async () => {
    await newUser('wendy')
    const attempts = ['wendy', 'nobody', '', 'WENDY', '../wendy', 'wendy\0']
    const answers = await Promise.all(
      attempts.map((username) => visitor(backend).send('POST', '/api/session', { username, password: 'wrong password' })),
    )
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(new Set(answers.map(({ status, cookies }) => `${status} ${cookies.length}`))).toEqual(new Set(['401 0']))
  })

  test.each([
    ['an origin of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ["an origin of a tenant's service", { origin: 'https://hello-mallory.karvdash.test:8443', 'sec-fetch-site': 'same-site' }],
    ['no origin, from another site', { origin: '', 'sec-fetch-site': 'cross-site' }],
    ['our origin at another port', { origin: 'https://karvdash.test', 'sec-fetch-site': 'same-site' }],
    ['our origin without TLS', { origin: 'http://karvdash.test:8443' }],
    ['the origin null', { origin: 'null' }],
  ])('and signing up from a foreign page is refused: %s', async (_, headers) => {
    const credentials = { username: 'carl', password }
    expect(await visitor(backend).send('POST', '/api/session', credentials, headers)).toMatchObject({ status: 403, cookies: [] })
    const draft = { username: 'planted', password, email: 'planted@example.org' }
    expect(await visitor(backend).send('POST', '/api/users', draft, headers)).toMatchObject({ status: 403 })
  })

  test('without TLS is refused in words, since a browser would not keep the session', async () => {
    await newUser('plain')
    const answer = await visitor(backend).send(
      'POST',
      '/api/session',
      { username: 'plain', password },
      { 'x-forwarded-proto': 'http' },
    )
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('HTTPS') } })
  })

  test('again and again with wrong passwords is slowed down, with the time to wait, for this account and address alone', async () => {
    await newUser('theo')
    await newUser('thea')
    const guesser = visitor(backend)
    // At once: every six seconds there is one try more.
    const guess = async (username: string, times: number, headers = {}) => {
      const guessed = { username, password: 'wrong password' }
      return Promise.all(Array.from({ length: times }, () => guesser.send('POST', '/api/session', guessed, headers)))
    }
    const answers = await guess('theo', 11)
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 10 }, () => 401), 429])
    const slowed = answers.find(({ status }) => status === 429)
    expect(slowed?.body).toMatchObject({ retryAfter: expect.any(Number) })
    expect(Number(slowed?.headers['retry-after'])).toBeGreaterThan(0)
    expect(await guess('thea', 1)).toMatchObject([{ status: 401 }])
    await signIn(visitor(backend, 'theo'))
    // What a client claims of its own address in front of the one that the ingress saw changes nothing.
    const forged = { 'x-forwarded-for': `198.51.100.1, ${guesser.headers()['x-forwarded-for']}` }
    expect(await guess('theo', 5, forged)).toContainEqual(expect.objectContaining({ status: 429 }))
  })
})

describe('a session', () => {
  test.each([
    ['without the CSRF token', { 'x-karvdash-csrf': '' }],
    ["with somebody else's CSRF token", { 'x-karvdash-csrf': 'A'.repeat(43) }],
    ['from a foreign origin', { origin: 'https://evil.example' }],
    ['from a page of a tenant, which is same-site', { 'sec-fetch-site': 'same-site' }],
    ['without an origin', { origin: '' }],
  ])('changes nothing %s', async (attack, headers) => {
    const name = `vic${attack.length}`
    const victim = await newUser(name)
    expect(await victim.send('POST', '/api/account/tokens', { name: 'stolen' }, headers)).toMatchObject({ status: 403 })
    expect(await victim.send('DELETE', '/api/session', undefined, headers)).toMatchObject({ status: 403 })
    expect(await victim.send('GET', '/api/account/tokens')).toMatchObject({ status: 200, body: { items: [] } })
  })

  test('that is forged, cut short or signed for something else is nobody’s', async () => {
    const real = (await newUser('fred')).headers()['cookie'] ?? ''
    const [name, value = ''] = real.split('=')
    const [claim = '', signature = ''] = value.split('.')
    const asAdmin = Buffer.from(Buffer.from(claim, 'base64url').toString().replace('fred', 'admin')).toString('base64url')
    for (const forged of [
      `${asAdmin}.${signature}`,
      claim,
      `${claim}.`,
      `.${signature}`,
      '',
      'x'.repeat(4000),
      `${claim}.${signature.slice(1)}`,
    ])
      expect(await mine({ cookie: `${name}=${forged}` })).toMatchObject({ status: 401 })
  })

  test('ends at once when its user signs out', async () => {
    const person = await newUser('otto')
    const before = person.headers()
    expect(await person.send('DELETE', '/api/session')).toMatchObject({ status: 204 })
    expect(person.headers()).not.toHaveProperty('cookie')
    expect(await mine(before)).toMatchObject({ status: 401 })
  })

  test('that is over is no reason to refuse what needs none', async () => {
    const person = await newUser('ruth')
    const old = person.headers()
    await person.send('DELETE', '/api/session')
    expect(await send(`${backend.url}/api/version`, { headers: old })).toMatchObject({ status: 200 })
    const again = await send(`${backend.url}/api/session`, { method: 'POST', headers: old, body: { username: 'ruth', password } })
    expect(again).toMatchObject({ status: 200 })
  })
})

describe('changing the password', () => {
  test('ends every other session at once, keeps the own, and the old password opens nothing', async () => {
    const here = await newUser('petra')
    const elsewhere = await signIn(visitor(backend, 'petra'))
    const next = 'an even better password'
    expect(await here.send('PUT', '/api/account/password', { current: password, next })).toMatchObject({ status: 204 })
    expect(await elsewhere.send('GET', '/api/session')).toMatchObject({ status: 401 })
    expect(await here.send('GET', '/api/session')).toMatchObject({ status: 200 })
    expect(await here.send('POST', '/api/account/tokens', { name: 'still here' })).toMatchObject({ status: 201 })
    expect(await visitor(backend).send('POST', '/api/session', { username: 'petra', password })).toMatchObject({ status: 401 })
    expect(await mine(basic('petra', password))).toMatchObject({ status: 401 })
    await signIn(visitor(backend, 'petra'), next)
  })

  test('with a wrong current one names that field and leaves everything as it was', async () => {
    const person = await newUser('quin')
    const answer = await person.send('PUT', '/api/account/password', { current: 'wrong password', next: 'another password' })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/current' }] } })
    expect(await person.send('GET', '/api/session')).toMatchObject({ status: 200 })
    await signIn(visitor(backend, 'quin'))
  })
})

test('deactivation shuts session, token and Basic at once, and activation opens them again', async () => {
  const person = await newUser('dora')
  const { secret } = await tokenOf(person)
  const ways = [person.headers(), bearer(secret), basic('dora', password), basic('dora', secret)]
  const statuses = async () => (await Promise.all(ways.map(mine))).map(({ status }) => status)
  expect(await statuses()).toEqual([200, 200, 200, 200])
  await activate(admin, 'dora', false)
  expect(await statuses()).toEqual([401, 401, 401, 401])
  expect(await visitor(backend).send('POST', '/api/session', { username: 'dora', password })).toMatchObject({ status: 401 })
  await activate(admin, 'dora')
  expect((await statuses()).slice(1)).toEqual([200, 200, 200])
})

describe('administrators', () => {
  test('alone list and change users; others get 403, nobody 401', async () => {
    const person = await newUser('nora')
    await signedUp(backend, 'waiting')
    for (const [method, path, body] of [
      ['GET', '/api/users', undefined],
      ['PATCH', '/api/users/waiting', { active: true }],
      ['PATCH', '/api/users/nora', { role: 'admin' }],
    ] as const) {
      expect(await person.send(method, path, body)).toMatchObject({ status: 403 })
      expect(await visitor(backend).send(method, path, body)).toMatchObject({ status: 401 })
    }
    const { items } = (await admin.send('GET', '/api/users?limit=2')).body as { items: { name: string }[] }
    expect(items[0]?.name).toBe('waiting')
    expect(items).toHaveLength(2)
  })

  test('cannot deactivate or demote themselves', async () => {
    expect(await admin.send('PATCH', '/api/users/admin', { active: false })).toMatchObject({ status: 403 })
    expect(await admin.send('PATCH', '/api/users/admin', { role: 'user' })).toMatchObject({ status: 403 })
    expect(await admin.send('GET', '/api/users')).toMatchObject({ status: 200 })
  })

  test('who are demoted are so at once', async () => {
    const second = await newUser('boss')
    await admin.send('PATCH', '/api/users/boss', { role: 'admin' })
    await signIn(second)
    const { body } = await second.send('POST', '/api/account/tokens', { name: 'all', scopes: ['admin'] })
    const headers = bearer((body as { secret: string }).secret)
    expect(await send(`${backend.url}/api/users`, { headers })).toMatchObject({ status: 200 })
    await admin.send('PATCH', '/api/users/boss', { role: 'user' })
    expect(await second.send('GET', '/api/users')).toMatchObject({ status: 401 })
    expect(await send(`${backend.url}/api/users`, { headers })).toMatchObject({ status: 403 })
  })
})

test('the origin that is ours is the one the tests send', () => expect(origin).toBe('https://karvdash.test:8443'))
