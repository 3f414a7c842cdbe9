import { describe, expect, test } from '@jest/globals'
import { type TokenScope, tooMany, unauthenticated, unavailable, usualScopes } from '@karvdash/common'
import { readConfig } from '../config.ts'
import type { SessionClaim } from '../users/sessions.ts'
import { createGate, type GatePorts } from './gate.ts'

const config = readConfig({
  KARVDASH_DOMAIN: 'karvdash.test',
  KARVDASH_DOMAINS: '{"local": {"hostPath": "/l"}, "remote": {"hostPath": "/r"}, "shared": {"hostPath": "/s"}}',
})
const user = {
  uid: 'u',
  email: '',
  displayName: '',
  role: 'user' as const,
  createdAt: '',
  chosenFileId: undefined,
  fileId: 1,
  leaving: false,
  subject: '',
  quota: {},
  ready: true,
}

const claim = { user: 'alice', session: 's', expires: 1 }
const claims: Record<string, SessionClaim> = { good: claim, acting: { ...claim, actor: { ...claim, user: 'bob' } } }

function gateWith(ports: Partial<GatePorts> = {}) {
  const unused = () => Promise.reject(new Error('not asked for'))
  const gate = createGate({
    users: { known: (name) => (['alice', 'bob', 'carl'].includes(name) ? { ...user, name, active: true } : undefined) },
    tickets: { claimOf: async (cookie) => claims[cookie], redeem: async () => undefined },
    signIn: { checkBasic: unused },
    tokens: { check: async () => ({ user: 'alice', scopes: usualScopes }) },
    editors: { check: async () => ({ user: 'alice', scopes: usualScopes }) },
    credentialsOf: async () => undefined,
    entryOf: ({ service }) => (service === 'lab' ? { uid: 'uid-1', sharedWith: ['carl'], isWarned: false } : undefined),
    unanswered: () => undefined,
    noteUse: () => undefined,
    isFresh: () => true,
    config,
    ...ports,
  })
  return (headers: Record<string, string> = {}, { host = 'lab-alice.karvdash.test', method = 'GET', uri = '/' } = {}) =>
    gate({ host, method, uri, header: (name) => headers[name] ?? '', address: 'a' })
}

const token = { authorization: `Bearer kvd_alice_${'0'.repeat(12)}_${'0'.repeat(40)}` }
const cookie = { cookie: '__Host-karvdash-gate=good' }
const basic = { authorization: `Basic ${Buffer.from('alice:x').toString('base64')}` }

describe('the gate', () => {
  test('asks for the credentials of the very service that it lets into', async () => {
    const asked: unknown[] = []
    const credentialsOf: GatePorts['credentialsOf'] = async ({ user: owner, service }, uid) => {
      asked.push([owner, service, uid])
      return 'token own'
    }
    expect(await gateWith({ credentialsOf })(token)).toEqual({
      kind: 'allow',
      headers: { 'x-karvdash-user': 'alice', authorization: 'token own' },
    })
    expect(asked).toEqual([['alice', 'lab', 'uid-1']])
  })

  test('never asks for a service’s credentials for somebody else', async () => {
    const credentialsOf = () => Promise.reject(new Error('asked'))
    const answer = await gateWith({ credentialsOf, tokens: { check: async () => ({ user: 'bob', scopes: usualScopes }) } })(token)
    expect(answer).toMatchObject({ kind: 'refuse', status: 403, prompt: false })
  })

  test.each<[TokenScope[], string, string]>([
    [['files'], 'GET', 'refuse'],
    [['services', 'read-only'], 'POST', 'refuse'],
    [['services', 'read-only'], 'GET', 'allow'],
    [['services'], 'POST', 'allow'],
  ])('a token for %j and a %s: %s', async (scopes, method, kind) => {
    const answer = await gateWith({ tokens: { check: async () => ({ user: 'alice', scopes }) } })(token, { method })
    expect(answer).toMatchObject({ kind })
  })

  test('an administrator who acts as the owner enters, and does not once they are no administrator', async () => {
    const acting = { cookie: '__Host-karvdash-gate=acting', 'sec-fetch-site': 'same-origin' }
    const known = (name: string) => ({
      ...user,
      name,
      active: true,
      role: name === 'bob' ? ('admin' as const) : ('user' as const),
    })
    expect(await gateWith({ users: { known } })(acting)).toMatchObject({ kind: 'allow', headers: { 'x-karvdash-user': 'alice' } })
    expect(await gateWith()(acting)).toMatchObject({ kind: 'refuse', status: 401 })
  })

  test('lets nobody in while it may not know who was shut out', async () => {
    for (const headers of [token, { ...cookie, 'sec-fetch-site': 'same-origin' }])
      expect(await gateWith({ isFresh: () => false })(headers)).toMatchObject({ kind: 'refuse', status: 503, prompt: false })
  })

  test('lets somebody in with whom the service is shared, as themselves, and not once its owner is not active', async () => {
    const tokens = { check: async () => ({ user: 'carl', scopes: usualScopes }) }
    expect(await gateWith({ tokens })(token)).toMatchObject({ kind: 'allow', headers: { 'x-karvdash-user': 'carl' } })
    const known = (name: string) => ({ ...user, name, active: name !== 'alice' })
    expect(await gateWith({ tokens, users: { known } })(token)).toMatchObject({ kind: 'refuse', status: 403 })
  })

  test('refuses an owner who is not active, or is gone, with whatever they show', async () => {
    for (const known of [() => undefined, (name: string) => ({ ...user, name, active: false })])
      for (const headers of [token, { ...cookie, 'sec-fetch-site': 'same-origin' }])
        expect(await gateWith({ users: { known } })(headers)).toMatchObject({ kind: 'refuse', status: 403 })
  })

  test('takes a cookie before any other credential, so that none is tried beside it', async () => {
    const signIn = { checkBasic: () => Promise.reject(new Error('tried')) }
    expect(await gateWith({ signIn })({ ...basic, ...cookie })).toMatchObject({ kind: 'allow' })
  })

  test('prompts for a password after a wrong one, and says how things are after too many', async () => {
    const wrong = { checkBasic: () => Promise.reject(tooMany('Too many tries.', 5)) }
    expect(await gateWith({ signIn: wrong })(basic)).toMatchObject({ kind: 'refuse', status: 429, prompt: false, retryAfter: 5 })
  })

  test('prompts nobody in a browser, whose page may have sent a credential of its own', async () => {
    const signIn = { checkBasic: () => Promise.reject(unauthenticated('wrong')) }
    expect(await gateWith({ signIn })(basic)).toMatchObject({ status: 401, prompt: true })
    expect(await gateWith({ signIn })({ ...basic, 'sec-fetch-mode': 'cors' })).toMatchObject({ status: 401, prompt: false })
  })

  test('lets nobody in while the cluster cannot be reached', async () => {
    const away = { check: () => Promise.reject(unavailable('The cluster')) }
    await expect(gateWith({ tokens: away })(token)).rejects.toMatchObject({ status: 503 })
  })

  test('shows a page in the place of a service that cannot answer to whoever opens it, and counts that as no use', async () => {
    const uses: unknown[] = []
    const unanswered = () => ({ name: 'lab', state: 'Starting' as const, reason: 'Its image is pulled.' })
    const ask = gateWith({ unanswered, noteUse: (service) => uses.push(service) })
    const opened = { ...cookie, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const page = { html: expect.stringContaining('Its image is pulled.') }
    expect(await ask(opened)).toMatchObject({ kind: 'refuse', status: 503, retryAfter: 5, page })
    const own = { ...cookie, 'sec-fetch-site': 'same-origin', 'x-karvdash-waiting': '1' }
    expect(await ask(own, { method: 'HEAD' })).toMatchObject({ status: 503 })
    expect(uses).toEqual([])
    expect(await ask(token)).toMatchObject({ kind: 'allow' })
    expect(uses).toHaveLength(1)
    expect(await gateWith({ unanswered, config: { ...config, ingressManner: 'nginx' } })(opened)).toMatchObject({ kind: 'allow' })
  })

  test('tells nobody but the owner why a service cannot answer, and asks for a sign-in before it tells anything', async () => {
    const unanswered = () => ({ name: 'lab', state: 'Failed' as const, reason: 'It was told a secret.' })
    const claimOf = async () => ({ ...claim, user: 'carl' })
    const opened = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const answer = await gateWith({ unanswered, tickets: { claimOf, redeem: async () => undefined } })({ ...opened, ...cookie })
    expect(answer).toMatchObject({ status: 503, page: { html: expect.stringContaining('lab does not run') } })
    expect(JSON.stringify(answer)).not.toMatch(/secret|karvdash\.test/)
    expect(await gateWith({ unanswered })(opened)).toMatchObject({ kind: 'redirect' })
  })

  test('takes the ticket’s path to nobody but itself, whatever else the request shows', async () => {
    const answer = await gateWith()(token, { uri: '/.karvdash/enter?ticket=x' })
    expect(answer).toMatchObject({ kind: 'refuse', status: 403 })
    expect(await gateWith()(token, { uri: '/.karvdash/enter' })).toMatchObject({ kind: 'allow' })
  })

  test.each([
    ['GET', {}, true],
    ['GET', { 'sec-fetch-site': 'none' }, true],
    ['GET', { 'sec-fetch-site': 'same-origin' }, true],
    ['GET', { 'sec-fetch-site': 'same-site' }, false],
    ['GET', { 'sec-fetch-site': 'cross-site' }, false],
    ['GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, true],
    ['GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'object' }, false],
    ['HEAD', { 'sec-fetch-site': 'same-site' }, false],
    ['OPTIONS', { origin: 'https://evil-bob.karvdash.test' }, false],
    ['GET', { origin: 'https://evil-bob.karvdash.test' }, false],
    ['GET', { origin: 'https://lab-alice.karvdash.test' }, true],
    ['GET', { origin: 'http://lab-alice.karvdash.test' }, false],
    ['GET', { 'sec-websocket-key': 'x' }, false],
    ['GET', { 'sec-websocket-key': 'x', origin: 'null' }, false],
    ['GET', { 'sec-websocket-key': 'x', origin: 'https://lab-alice.karvdash.test' }, true],
    ['POST', {}, false],
    ['POST', { origin: 'https://lab-alice.karvdash.test' }, true],
    ['POST', { origin: 'https://lab-alice.karvdash.test.evil.org' }, false],
    ['PROPFIND', {}, false],
  ])('by cookie, %s with %j: %s', async (method, headers, isLetIn) => {
    const answer = await gateWith()({ ...cookie, ...(headers as Record<string, string>) }, { method })
    expect(answer).toMatchObject(isLetIn ? { kind: 'allow' } : { kind: 'refuse', status: 403 })
  })
})
