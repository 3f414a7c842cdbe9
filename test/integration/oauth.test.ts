import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as oauth from 'oauth4webapi'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { authorization, decide, type OAuthEditor, openEditor, redeem, redirectUri } from '../support/oauth.ts'
import { activate, activeUser, bearer, origin, type Person, password, signedInAdmin, signIn, tokenOf } from '../support/people.ts'
import { send } from '../support/send.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let other: Backend
let admin: Person
let editor: OAuthEditor

beforeAll(async () => {
  cluster = await startCluster('oauth')
  backend = await cluster.backend()
  other = await cluster.backend()
  admin = await signedInAdmin(backend)
  editor = await openEditor(backend)
}, 60_000)
afterAll(() => cluster?.stop())

const newUser = (name: string) => activeUser(backend, name, admin)
const whoIs = (token: string, at: { url: string } = backend) => send(`${at.url}/api/account`, { headers: bearer(token) })
/** Another replica hears of it by its watch. */
const isNobodySoon = (token: string, at: { url: string }) => until(async () => (await whoIs(token, at)).status === 401)
const signedInEditor = async (person: Person, more: Record<string, string> = {}) => {
  const asked = await authorization(editor, more)
  return redeem(editor, await decide(person, asked.path), asked)
}
const refresh = async (token: string) => {
  const { server, client, options } = editor
  const answer = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), token, options)
  return oauth.processRefreshTokenResponse(server, client, answer)
}
const form = (path: string, fields: Record<string, string>) =>
  send(backend.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '192.0.2.251' },
    body: String(new URLSearchParams(fields)),
  })

describe('an editor that opens the browser', () => {
  test('is signed in by a code, goes on by refresh tokens, and is signed out by revoking', async () => {
    const alice = await newUser('alice')
    const { access_token, refresh_token = '', expires_in, scope } = await signedInEditor(alice)
    expect({ expires_in, scope }).toEqual({ expires_in: 900, scope: 'files services images' })
    for (const replica of [backend, other]) expect(await whoIs(access_token, replica)).toMatchObject({ body: { name: 'alice' } })
    expect((await alice.send('GET', '/api/account/editors')).body).toMatchObject({
      items: [{ client: 'A program on the command line', machine: 'alices laptop', scopes: ['files', 'services', 'images'] }],
    })
    const next = await refresh(refresh_token)
    expect(await whoIs(next.access_token)).toMatchObject({ status: 200 })
    const { server, client, options } = editor
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, oauth.None(), next.refresh_token ?? '', options),
    )
    expect(await whoIs(next.access_token)).toMatchObject({ status: 401 })
    await expect(refresh(next.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('that is refused is told so, at its own address', async () => {
    const bob = await newUser('bob')
    const asked = await authorization(editor)
    const landed = await decide(bob, asked.path, false)
    expect(() => oauth.validateAuthResponse(editor.server, editor.client, landed, asked.state)).toThrow(
      expect.objectContaining({ error: 'access_denied' }),
    )
  })

  test('may do what it asked for, and nothing that takes a person', async () => {
    const carl = await newUser('carl')
    const { access_token } = await signedInEditor(carl, { scope: 'files read-only' })
    const asked = async (method: 'GET' | 'POST', path: string, body?: object) =>
      (await send(backend.url + path, { method, headers: bearer(access_token), body })).status
    expect(await asked('GET', '/api/storage/local/entries')).toBe(200)
    expect(await asked('POST', '/api/storage/local/folders', { path: 'a' })).toBe(403)
    expect(await asked('GET', '/api/services')).toBe(403)
    expect(await asked('POST', '/api/account/tokens', { name: 'x' })).toBe(403)
    expect(await asked('GET', '/api/account/editors')).toBe(403)
  })

  test.each([
    ['an unknown program', { client_id: 'evil' }],
    ['an address elsewhere', { redirect_uri: 'https://evil.example/callback' }],
    ['a name that can be led elsewhere', { redirect_uri: 'http://localhost:1234/callback' }],
    ['another path', { redirect_uri: 'http://127.0.0.1:1234/other' }],
    ['somebody before the address', { redirect_uri: 'http://127.0.0.1:1234@evil.example/callback' }],
    ['a query at the address', { redirect_uri: `${redirectUri}?x=y` }],
    ['a scheme of another program', { redirect_uri: 'vscode://karvdash.karvdash/auth' }],
    ['a script', { redirect_uri: 'javascript:alert(1)' }],
  ])('attack: %s is told here, and the browser is sent nowhere', async (_, more) => {
    const answer = await send(backend.url + (await authorization(editor, more)).path)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.headers['location']).toBeUndefined()
  })

  test.each([
    ['no challenge', { code_challenge: '' }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a token at once', { response_type: 'token' }, 'unsupported_response_type'],
    ["an administrator's rights", { scope: 'files admin' }, 'invalid_scope'],
    ['rights nobody knows', { scope: 'everything' }, 'invalid_scope'],
  ])('attack: %s is refused at the address of the editor, with its state and the issuer', async (_, more, error) => {
    const asked = await authorization(editor, more)
    const landed = new URL((await send(backend.url + asked.path)).headers['location'] ?? '')
    expect(landed.origin + landed.pathname).toBe(redirectUri)
    expect(Object.fromEntries(landed.searchParams)).toMatchObject({ error, state: asked.state, iss: origin })
  })

  test('attack: a parameter comes twice', async () => {
    const { path } = await authorization(editor)
    expect(await send(`${backend.url}${path}&redirect_uri=https%3A%2F%2Fevil.example`)).toMatchObject({ status: 400 })
  })

  test('attack: a code is stolen: without the verifier, by another program or for another address it is worth nothing', async () => {
    const dora = await newUser('dora')
    const asked = await authorization(editor)
    const code = (await decide(dora, asked.path)).searchParams.get('code') ?? ''
    const right = {
      grant_type: 'authorization_code',
      code,
      client_id: 'karvdash-cli',
      redirect_uri: redirectUri,
      code_verifier: asked.verifier,
    }
    const wrong = [
      { ...right, code_verifier: 'x'.repeat(43) },
      { ...right, code_verifier: '' },
      { ...right, client_id: 'karvdash-vscode' },
      { ...right, redirect_uri: 'http://127.0.0.1:1/callback' },
      { ...right, code: `${code}x` },
    ]
    for (const fields of wrong)
      expect(await form('/oauth/token', fields)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await form('/oauth/token', right)).toMatchObject({ status: 200 })
  })

  test('attack: a code that is used again signs out whoever it signed in', async () => {
    const erna = await newUser('erna')
    const asked = await authorization(editor)
    const landed = await decide(erna, asked.path)
    const { access_token } = await redeem(editor, landed, asked)
    await expect(redeem(editor, landed, asked)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect(await whoIs(access_token)).toMatchObject({ status: 401 })
  })

  test('attack: a refresh token that comes twice ends both', async () => {
    const fred = await newUser('fred')
    const first = await signedInEditor(fred)
    const second = await refresh(first.refresh_token ?? '')
    await expect(refresh(first.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(refresh(second.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
    await isNobodySoon(second.access_token, other)
  })

  test('attack: a foreign page, or a token, approves an editor', async () => {
    const gerda = await newUser('gerda')
    const asked = await authorization(editor)
    const opened = await gerda.send('GET', asked.path)
    const request = new URL(opened.headers['location'] ?? '').hash.split('request=')[1] ?? ''
    const body = { request, isApproved: true }
    const foreign = { origin: 'https://hello-mallory.karvdash.test:8443', 'sec-fetch-site': 'same-site' }
    expect(await gerda.send('POST', '/api/account/editors', body, foreign)).toMatchObject({ status: 403 })
    expect(await gerda.send('POST', '/api/account/editors', body, { 'x-karvdash-csrf': 'x' })).toMatchObject({ status: 403 })
    const { secret } = await tokenOf(gerda)
    const byToken = { method: 'POST' as const, headers: bearer(secret), body }
    expect(await send(`${backend.url}/api/account/editors`, byToken)).toMatchObject({ status: 403 })
    expect(await gerda.send('POST', '/api/account/editors', { ...body, request: `${request}x` })).toMatchObject({ status: 400 })
  })
})

describe('an editor that shows a code', () => {
  const begin = async () => {
    const { server, client, options } = editor
    const parameters = new URLSearchParams({ machine: 'a server' })
    const answer = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), parameters, options)
    return oauth.processDeviceAuthorizationResponse(server, client, answer)
  }
  const poll = async (code: string, at = editor) => {
    const { server, client, options } = at
    const answer = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), code, options)
    return oauth.processDeviceCodeResponse(server, client, answer)
  }

  test('waits until somebody who sees what it is approves it, and is signed in once', async () => {
    const hans = await newUser('hans')
    const { device_code, user_code, verification_uri, interval } = await begin()
    expect({ user_code, verification_uri, interval }).toEqual({
      user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      verification_uri: `${origin}/#/connect-editor`,
      interval: 5,
    })
    await expect(poll(device_code)).rejects.toMatchObject({ error: 'authorization_pending' })
    await expect(poll(device_code)).rejects.toMatchObject({ error: 'slow_down' })
    const typed = encodeURIComponent(user_code.toLowerCase().replace('-', ' '))
    expect(await hans.send('GET', `/api/account/editors/request?code=${typed}`)).toMatchObject({
      body: { client: 'A program on the command line', machine: 'a server', place: '192.0.2.250' },
    })
    await hans.send('POST', '/api/account/editors', { code: user_code, isApproved: true })
    const elsewhere = await openEditor(other)
    const { access_token } = await poll(device_code, elsewhere)
    expect(await whoIs(access_token)).toMatchObject({ body: { name: 'hans' } })
    await expect(poll(device_code)).rejects.toMatchObject({ error: 'expired_token' })
  })

  test('is told when it is refused, and nobody can decide twice', async () => {
    const inga = await newUser('inga')
    const { device_code, user_code } = await begin()
    await inga.send('POST', '/api/account/editors', { code: user_code, isApproved: false })
    expect(await inga.send('POST', '/api/account/editors', { code: user_code, isApproved: true })).toMatchObject({ status: 400 })
    await expect(poll(device_code)).rejects.toMatchObject({ error: 'access_denied' })
  })

  test('attack: codes are guessed, forged, or asked for without end', async () => {
    const jana = await newUser('jana')
    for (const code of ['BCDFGHJK', 'AAAAAAAA', '', 'x'.repeat(30), '../BCDFGHJK'])
      expect((await jana.send('GET', `/api/account/editors/request?code=${encodeURIComponent(code)}`)).status).toBe(400)
    const { device_code } = await begin()
    for (const code of [`${device_code.slice(0, -1)}x`, device_code.replace(/\w{40}$/, '0'.repeat(40)), '', 'device.'])
      await expect(poll(code || 'x')).rejects.toMatchObject({ error: 'expired_token' })
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => form('/oauth/device_authorization', { client_id: 'karvdash-cli' })),
    )
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(5)
  })
})

describe('an editor is signed out', () => {
  const ends: [string, (person: Person, id: string) => Promise<unknown>][] = [
    ['when it is taken off the list', (person, id) => person.send('DELETE', `/api/account/editors/${id}`)],
    ['when its user signs out everywhere', (person) => person.send('DELETE', '/api/account/sessions')],
    [
      'when the password changes',
      (person) => person.send('PUT', '/api/account/password', { current: password, next: `${password}2` }),
    ],
    ['when the role changes', (person) => admin.send('PATCH', `/api/users/${person.name}`, { role: 'admin' })],
    ['when the user is deactivated', (person) => activate(admin, person.name, false)],
  ]
  test.each(ends)('%s, at once, on every replica', async (_, end) => {
    const person = await newUser(`out${ends.findIndex(([, one]) => one === end)}`)
    const { access_token, refresh_token = '' } = await signedInEditor(person)
    expect(await whoIs(access_token, other)).toMatchObject({ status: 200 })
    const { items } = (await person.send('GET', '/api/account/editors')).body as { items: { id: string }[] }
    await end(person, items[0]?.id ?? '')
    expect(await whoIs(access_token)).toMatchObject({ status: 401 })
    await isNobodySoon(access_token, other)
    await expect(refresh(refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('by its user alone', async () => {
    const [karl, mallory] = [await newUser('karl'), await newUser('mallory')]
    await signedInEditor(karl)
    const { items } = (await karl.send('GET', '/api/account/editors')).body as { items: { id: string }[] }
    expect(await mallory.send('DELETE', `/api/account/editors/${items[0]?.id}`)).toMatchObject({ status: 404 })
    await signIn(karl)
  })
})
