import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as z from 'zod'
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
  signIn,
  visitor,
} from '../support/people.ts'
import { send } from '../support/send.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let other: Backend
let admin: Person

beforeAll(async () => {
  cluster = await startCluster('accounts')
  backend = await cluster.backend()
  other = await cluster.backend()
  admin = await signedInAdmin(backend)
}, 60_000)
afterAll(() => cluster?.stop())

const newUser = (name: string) => activeUser(backend, name, admin)
const Items = z.object({ items: z.array(z.looseObject({ id: z.string() })) })
const listed = async (person: Person, path: string) => Items.parse((await person.send('GET', path)).body).items
const Link = z.object({ link: z.string(), expiresAt: z.string() })
const codeOf = (body: unknown) => new URLSearchParams(Link.parse(body).link.split('?')[1]).get('code') ?? ''
const next = 'another password of theirs'
/** The other replicas hear of it by their watches. */
const isOut = (person: Person) => until(async () => (await person.send('GET', '/api/session')).status === 401)

describe('sessions', () => {
  test('are listed with where they began; one that is ended is over on every replica, and no other', async () => {
    const alice = await newUser('alice')
    const phone = visitor(backend, 'alice')
    await phone.send('POST', '/api/session', { username: 'alice', password }, { 'user-agent': 'Phone' })
    const sessions = await listed(alice, '/api/account/sessions')
    expect(sessions).toMatchObject([{ current: true }, { current: false, agent: 'Phone' }])
    expect(await alice.send('DELETE', `/api/account/sessions/${sessions[1]?.id}`)).toMatchObject({ status: 204 })
    expect(await phone.send('GET', '/api/session')).toMatchObject({ status: 401 })
    await isOut(phone.at(other))
    for (const replica of [backend, other])
      expect(await alice.at(replica).send('GET', '/api/session')).toMatchObject({ status: 200 })
  })

  test('of somebody else cannot be ended', async () => {
    const [carla, mallory] = [await newUser('carla'), await newUser('mallory')]
    const [session] = await listed(carla, '/api/account/sessions')
    expect(await mallory.send('DELETE', `/api/account/sessions/${session?.id}`)).toMatchObject({ status: 404 })
    expect(await carla.send('GET', '/api/session')).toMatchObject({ status: 200 })
  })

  test('all end when somebody signs out everywhere', async () => {
    const dora = await newUser('dora')
    const second = await signIn(visitor(other, 'dora'))
    expect(await dora.send('DELETE', '/api/account/sessions')).toMatchObject({ status: 204 })
    expect(await dora.send('GET', '/api/session')).toMatchObject({ status: 401 })
    await isOut(second)
  })

  test('end when the role changes, and when the user is deactivated; none comes back with the user', async () => {
    const erna = await newUser('erna')
    await admin.send('PATCH', '/api/users/erna', { role: 'admin' })
    expect(await erna.send('GET', '/api/session')).toMatchObject({ status: 401 })
    await signIn(erna)
    await activate(admin, 'erna', false)
    expect(await erna.send('GET', '/api/session')).toMatchObject({ status: 401 })
    await activate(admin, 'erna')
    expect(await erna.send('GET', '/api/session')).toMatchObject({ status: 401 })
  })
})

describe('tokens', () => {
  const tokenFor = async (person: Person, scopes?: string[]) => {
    const answer = await person.send('POST', '/api/account/tokens', { name: 'tool', ...(scopes && { scopes }) })
    return z.object({ secret: z.string() }).parse(answer.body).secret
  }
  const status = async (secret: string, method: 'GET' | 'POST' | 'PUT', path: string, body?: object) =>
    (await send(backend.url + path, { method, headers: bearer(secret), body })).status

  test('do what they are made for, and nothing else', async () => {
    const fred = await newUser('fred')
    const files = await tokenFor(fred, ['files'])
    expect(await status(files, 'GET', '/api/storage/local/entries')).toBe(200)
    expect(await status(files, 'GET', '/api/services')).toBe(403)
    expect(await status(files, 'GET', '/api/account')).toBe(200)
    const reader = await tokenFor(fred, ['files', 'services', 'read-only'])
    expect(await status(reader, 'GET', '/api/services')).toBe(200)
    expect(await status(reader, 'POST', '/api/services', { template: 'hello' })).toBe(403)
    expect(await status(reader, 'POST', '/api/storage/local/folders', { path: 'a' })).toBe(403)
  })

  test('attack: a token makes another, changes the password, or lists the sessions of its user', async () => {
    const secret = await tokenFor(await newUser('gerda'), ['files', 'services', 'images', 'admin'])
    for (const headers of [bearer(secret), basic('gerda', secret)]) {
      const asked = [
        send(`${backend.url}/api/account/tokens`, { method: 'POST', headers, body: { name: 'more' } }),
        send(`${backend.url}/api/account/password`, { method: 'PUT', headers, body: { current: password, next } }),
        send(`${backend.url}/api/account/sessions`, { headers }),
        send(`${backend.url}/api/account/sessions`, { method: 'DELETE', headers }),
      ]
      for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ status: 403 })
    }
  })

  test('of an admin are those of a user, unless they are made for more', async () => {
    expect(await status(await tokenFor(admin), 'GET', '/api/users')).toBe(403)
    expect(await status(await tokenFor(admin, ['admin']), 'GET', '/api/users')).toBe(200)
    expect(await status(await tokenFor(await newUser('hans'), ['admin']), 'GET', '/api/users')).toBe(403)
  })

  test('tell when they were used, and are revoked all at once', async () => {
    const inga = await newUser('inga')
    const secret = await tokenFor(inga)
    expect(await status(secret, 'GET', '/api/account')).toBe(200)
    await until(async () => (await listed(inga, '/api/account/tokens'))[0]?.['usedAt'] !== undefined)
    await inga.send('DELETE', '/api/account/tokens')
    expect(await status(secret, 'GET', '/api/account')).toBe(401)
  })
})

describe('an administrator', () => {
  test('invites somebody, who chooses a password by a link that works once', async () => {
    const draft = { username: 'jana', email: 'jana@example.org', displayName: 'Jana' }
    const invited = await admin.send('POST', '/api/invitations', draft)
    expect(invited).toMatchObject({ status: 201, body: { user: { name: 'jana', active: true, ready: true } } })
    expect(Link.parse(invited.body).link).toMatch(`${origin}/#/password?code=`)
    const code = codeOf(invited.body)
    const jana = visitor(backend, 'jana')
    expect(await jana.send('POST', '/api/session', { username: 'jana', password: 'anything' })).toMatchObject({ status: 401 })
    expect(await jana.send('POST', '/api/password', { code, password: next })).toMatchObject({ status: 200 })
    await signIn(jana, next)
    expect(await visitor(other).send('POST', '/api/password', { code, password })).toMatchObject({ status: 400 })
  })

  test('hands out a link for a new password, which ends every session of the old one', async () => {
    const karl = await newUser('karl')
    const { body } = await admin.send('POST', '/api/users/karl/password-link')
    await visitor(other).send('POST', '/api/password', { code: codeOf(body), password: next })
    await isOut(karl)
    expect(await karl.send('POST', '/api/session', { username: 'karl', password })).toMatchObject({ status: 401 })
    await signIn(karl, next)
  })

  test('gives somebody the numeric id that the institute has for them, which nobody else gets, and no other follows', async () => {
    const invite = (username: string, fileId?: number) =>
      admin.send('POST', '/api/invitations', { username, email: 'x@example.org', ...(fileId !== undefined && { fileId }) })
    expect(await invite('nele', 54_321)).toMatchObject({ status: 201, body: { user: { fileId: 54_321, ready: true } } })
    expect((await stat(join(cluster.domains, 'local/nele'))).gid).toBe(54_321)
    expect(await invite('olaf', 54_321)).toMatchObject({
      status: 409,
      body: { detail: 'The numeric id 54321 is taken. Choose another.' },
    })
    expect(await invite('olaf', 19_999)).toMatchObject({ status: 409 })
    expect(await invite('olaf', 0)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/fileId' }] } })
    const { body } = await invite('pia')
    expect(body).toMatchObject({ user: { fileId: expect.any(Number) } })
    expect(body).not.toMatchObject({ user: { fileId: 54_322 } })
    const moved = await admin.send('PATCH', '/api/users/nele', { fileId: 60_000 })
    expect(moved).toMatchObject({ status: 409, body: { detail: expect.stringContaining('54321 already') } })
  })

  test('attack: a user invites, resets, acts as somebody, or reads the audit log', async () => {
    const lena = await newUser('lena')
    const draft = { username: 'planted', email: 'planted@example.org' }
    expect(await lena.send('POST', '/api/invitations', draft)).toMatchObject({ status: 403 })
    expect(await lena.send('POST', '/api/users/admin/password-link')).toMatchObject({ status: 403 })
    expect(await lena.send('POST', '/api/users/admin/session')).toMatchObject({ status: 403 })
    expect(await lena.send('GET', '/api/audit')).toMatchObject({ status: 403 })
  })

  test('acts as a user: it is told, it is no way to the password or to tokens, and it ends where it began', async () => {
    await newUser('mona')
    const root = await signedInAdmin(backend)
    expect(await root.send('POST', '/api/users/mona/session')).toMatchObject({
      status: 201,
      body: { user: { name: 'mona' }, actor: 'admin' },
    })
    expect(await root.send('GET', '/api/services')).toMatchObject({ status: 200 })
    const refused = [
      root.send('POST', '/api/account/tokens', { name: 'x' }),
      root.send('PUT', '/api/account/password', { current: password, next }),
      root.send('DELETE', '/api/account/sessions'),
      root.send('GET', '/api/users'),
      root.send('POST', '/api/users/karl/session'),
    ]
    for (const answer of await Promise.all(refused)) expect(answer).toMatchObject({ status: 403 })
    const mona = await signIn(visitor(other, 'mona'))
    expect(await listed(mona, '/api/account/sessions')).toContainEqual(expect.objectContaining({ actor: 'admin' }))
    await root.send('DELETE', '/api/session')
    expect(await root.send('GET', '/api/session')).toMatchObject({ status: 200, body: { user: { name: 'admin' } } })
  })
})

describe('the audit log', () => {
  test('tells who did what, as whom, on what and how it ended, whichever replica is asked; and nothing that is secret', async () => {
    const nora = await newUser('nora')
    const secret = 'a secret in many fields'
    for (const username of ['nora', secret]) await visitor(backend).send('POST', '/api/session', { username, password: secret })
    await nora.send('POST', '/api/services', { template: 'hello', name: 'first', values: { greeting: secret } })
    await nora.send('DELETE', '/api/services/first')
    const items = await until(async () => {
      const answer = await admin.at(other).send('GET', '/api/audit?user=nora&limit=20')
      expect(answer.text).not.toContain(secret)
      const found = z.object({ items: z.array(z.looseObject({})) }).parse(answer.body).items
      return found.length >= 6 && found
    })
    expect(items).toMatchObject([
      { operation: 'DELETE /api/services/{service}', user: 'nora', via: 'cookie', target: 'first', status: 204 },
      {
        operation: 'POST /api/services',
        user: 'nora',
        target: 'hello first',
        status: 201,
        address: expect.stringMatching(/^192/),
      },
      { operation: 'POST /api/session', user: 'nora', status: 401 },
      { operation: 'POST /api/session', user: 'nora', status: 200 },
      { operation: 'PATCH /api/users/{user}', user: 'admin', target: 'nora', status: 200 },
      { operation: 'POST /api/users', user: 'nora', status: 201 },
    ])
    expect((await admin.send('GET', '/api/audit?limit=2')).body).toMatchObject({ items: [{}, {}], next: expect.any(String) })
  })
})
