import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, basic, bearer, type Person, password, signedInAdmin, tokenOf, visitor } from '../support/people.ts'
import { send } from '../support/send.ts'

let cluster: Cluster
let backend: Backend
let admin: Person
let alice: Person
let secret: string

beforeAll(async () => {
  cluster = await startCluster('requests')
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  secret = (await tokenOf(alice)).secret
}, 60_000)
afterAll(() => cluster?.stop())

const api = (path: string) => backend.url + path
const launch = (sent: Parameters<typeof send>[1]) =>
  send(api('/api/services'), { method: 'POST', ...sent, headers: { ...bearer(secret), ...sent?.headers } })
const chunk = Buffer.alloc(256 * 1024)
const filling = (bytes: number) => `{"template":"hello","name":"${'x'.repeat(bytes)}"}`

describe('a request that is not well formed', () => {
  test.each([
    ['with a content-length', (text: string) => text],
    ['without one', (text: string) => Readable.from([text.slice(0, 1000), text.slice(1000)])],
  ])('is refused over 256 KiB, %s: 413', async (_, body) => {
    expect(await launch({ body: body(filling(300 * 1024)) })).toMatchObject({
      status: 413,
      headers: { 'content-type': 'application/problem+json', connection: 'close' },
      body: { status: 413 },
    })
  })

  test('is refused before it was sent to its end, and what follows is not taken for another request', async () => {
    const answer = await new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
      const headers = { ...bearer(secret), 'content-type': 'application/json', 'content-length': 10 ** 9 }
      const sent = request(api('/api/services'), { method: 'POST', headers }, ({ statusCode, headers: { connection } }) => {
        resolve({ status: statusCode, connection })
        sent.destroy()
      })
      sent.on('error', reject)
      sent.write('{')
    })
    expect(answer).toEqual({ status: 413, connection: 'close' })
  })

  test.each([
    ['of an address that there is not', () => api('/api/nothing'), 404],
    ['of nobody', () => api('/api/storage/local/content?path=x'), 401],
  ])('%s is answered though its sender, as proxies do, goes on for a moment', async (_, address, status) => {
    const headers = { 'content-length': 8 * chunk.length }
    const sent = request(address(), { method: 'PUT', headers })
    const answered = new Promise<IncomingMessage>((resolve, reject) => sent.once('response', resolve).once('error', reject))
    sent.write(chunk)
    const answer = await answered
    for (let n = 1; n < 8; n++)
      await new Promise<void>((resolve, reject) => sent.write(chunk, (error) => (error ? reject(error) : resolve())))
    sent.end()
    expect(answer).toMatchObject({ statusCode: status, headers: { connection: 'close' } })
    expect(JSON.parse(await text(answer))).toMatchObject({ status })
  })

  test.each([
    ['malformed JSON', '{"template":', 400],
    ['an empty body', '', 400],
    ['an array', '[]', 400],
    ['a text', '"hello"', 400],
    ['null', 'null', 400],
    ['JSON nested a hundred thousand deep', '['.repeat(100_000), 400],
  ])('is refused for %s', async (_, body, status) => {
    expect(await launch({ body })).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' } })
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'is refused with the content type "%s": 415',
    async (type) => {
      expect(await launch({ body: '{"template":"hello"}', headers: { 'content-type': type } })).toMatchObject({ status: 415 })
    },
  )

  test.each([
    ['a field that is not there', '/colour', { template: 'hello', colour: 'red' }],
    ['a field that is missing', '/template', {}],
    ['a field of a wrong type', '/template', { template: 5 }],
    ['a field whose name has a slash', '/a~1b~0c', { template: 'hello', 'a/b~c': 1 }],
    ['values that are no object', '/values', { template: 'hello', values: [] }],
    ['a name of 64 characters', '/name', { template: 'hello', name: 'a'.repeat(64) }],
    ['a name that leaves no room for the user', '/name', { template: 'hello', name: 'a'.repeat(58) }],
    ['a name that ends with a hyphen', '/name', { template: 'hello', name: 'a-' }],
    ['a name that is a path', '/name', { template: 'hello', name: '../x' }],
    ['an unknown variable', '/values/colour', { template: 'hello', values: { colour: 'red' } }],
    ['a variable of a wrong type', '/values/replicas', { template: 'hello', values: { replicas: 'many' } }],
    ['a variable over its limit', '/values/replicas', { template: 'hello', values: { replicas: 4 } }],
    ['a variable that does not match its pattern', '/values/greeting', { template: 'hello', values: { greeting: '<script>' } }],
  ])('is told %s by its pointer', async (_, pointer, body) => {
    const errors = expect.arrayContaining([expect.objectContaining({ pointer, detail: expect.stringMatching(/\w.*[.!]$/) })])
    expect(await launch({ body })).toMatchObject({ status: 400, body: { status: 400, errors } })
  })

  test.each([
    ['/api/users?limit=0', '/query/limit'],
    ['/api/users?limit=501', '/query/limit'],
    ['/api/users?limit=many', '/query/limit'],
    ['/api/users?page=2', '/query/page'],
    [`/api/users?cursor=${'x'.repeat(501)}`, '/query/cursor'],
  ])('is told at %s that %s is wrong', async (path, pointer) => {
    expect(await admin.send('GET', path)).toMatchObject({ status: 400, body: { errors: [expect.objectContaining({ pointer })] } })
  })

  test('names nothing internal', async () => {
    const answers = await Promise.all([
      launch({ body: { template: 'nothing' } }),
      launch({ body: '{' }),
      admin.send('GET', '/api/users?limit=0'),
    ])
    for (const { text } of answers) expect(text).not.toMatch(/at .*\.ts|node_modules|Zod|karvdash-alice/)
  })
})

describe('every answer', () => {
  test.each([
    '/api/nothing',
    '/nothing',
    '/api',
    '/.git/config',
    '/api/services/%2e%2e%2fusers',
    '/index.html/..%2f..%2fetc/passwd',
    '//etc/passwd',
  ])('to the unknown path %s is a problem and no page', async (path) => {
    const answer = await send(api(path), { headers: bearer(secret) })
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect([400, 404]).toContain(answer.status)
  })

  test('forbids scripts from elsewhere, frames, and sniffing', async () => {
    const { headers } = await send(api('/'))
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/)
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })

  test('to a page of another origin allows bearer tokens and never cookies', async () => {
    const headers = { origin: 'https://editor.example', 'access-control-request-method': 'POST' }
    const preflight = await send(api('/api/services'), { method: 'OPTIONS', headers })
    expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': '*' } })
    expect(preflight.headers).not.toHaveProperty('access-control-allow-credentials')
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization')
    expect(preflight.headers['access-control-allow-headers']).not.toContain('csrf')
    expect(await launch({ body: {}, headers: { origin: 'https://editor.example' } })).toMatchObject({
      status: 400,
      headers: { 'access-control-allow-origin': '*' },
    })
  })

  test('asks tools for a password and browsers for none', async () => {
    expect((await send(api('/api/services'))).headers['www-authenticate']).toContain('Basic')
    expect((await visitor(backend).send('GET', '/api/services')).headers).not.toHaveProperty('www-authenticate')
  })
})

test('the OpenAPI document lists every operation, with its parameters', async () => {
  const { body, headers } = await send(api('/api/openapi.json'))
  expect(headers['content-type']).toContain('application/json')
  const { openapi, paths } = body as { openapi: string; paths: Record<string, Record<string, { operationId: string }>> }
  expect(openapi).toBe('3.1.0')
  for (const [name, { method, path }] of Object.entries(contract))
    expect(paths[path]?.[method.toLowerCase()]?.operationId).toBe(name)
  expect(paths['/api/services/{service}']?.['get']).toMatchObject({
    parameters: [{ name: 'service', in: 'path', required: true }],
  })
})

describe('a personal token', () => {
  const services = (headers: Record<string, string>) => send(api('/api/services'), { headers })

  test('works as Bearer, and as the password of Basic with its own user alone', async () => {
    expect(await services(bearer(secret))).toMatchObject({ status: 200 })
    expect(await services(basic('alice', secret))).toMatchObject({ status: 200 })
    expect(await services(basic('admin', secret))).toMatchObject({ status: 401 })
    expect(await services(basic('alice', password))).toMatchObject({ status: 200 })
  })

  test('tells whoever holds it whose it is', async () => {
    expect(await send(api('/api/account'), { headers: bearer(secret) })).toMatchObject({
      status: 200,
      body: { name: 'alice', role: 'user', active: true },
    })
    expect(await send(api('/api/account'))).toMatchObject({ status: 401 })
  })

  test('is shown once and kept as a hash', async () => {
    const list = await alice.send('GET', '/api/account/tokens')
    expect(list.text).not.toMatch(/kvd_|hash/)
    const account = await cluster.kubectl('get', 'secret', 'account.alice', '-n', 'karvdash', '-o', 'jsonpath={.data.account}')
    expect(Buffer.from(account, 'base64').toString()).not.toContain(secret)
  })

  test('cannot make tokens, which would outlive it, nor begin or end sessions', async () => {
    const more = { method: 'POST', body: { name: 'more' }, headers: bearer(secret) } as const
    expect(await send(api('/api/account/tokens'), more)).toMatchObject({ status: 403 })
    expect(await send(api('/api/session'), { method: 'DELETE', headers: bearer(secret) })).toMatchObject({ status: 403 })
  })

  test('that is revoked opens nothing from then on', async () => {
    const token = await tokenOf(alice, 'for a moment')
    expect(await services(bearer(token.secret))).toMatchObject({ status: 200 })
    expect(await alice.send('DELETE', `/api/account/tokens/${token.id}`)).toMatchObject({ status: 204 })
    expect(await services(bearer(token.secret))).toMatchObject({ status: 401 })
    expect(await services(basic('alice', token.secret))).toMatchObject({ status: 401 })
    expect(await alice.send('DELETE', `/api/account/tokens/${token.id}`)).toMatchObject({ status: 404 })
  })

  test('of somebody else cannot be revoked', async () => {
    const { id } = await tokenOf(alice, 'hers')
    expect(await admin.send('DELETE', `/api/account/tokens/${id}`)).toMatchObject({ status: 404 })
  })

  test.each([
    ['another secret', (text: string) => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`],
    ['another user', (text: string) => text.replace('_alice_', '_admin_')],
    ['no user', (text: string) => text.replace('_alice_', '_constructor_')],
    ['a space in it', (text: string) => `${text} x`],
    ['nothing', () => ''],
    ['8 KiB of text', () => `kvd_${'x'.repeat(8192)}`],
    [
      'a JWT signed by nobody',
      () => 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6a2FydmRhc2gtYWxpY2U6ZGVmYXVsdCJ9.',
    ],
  ])('that was forged with %s is refused', async (_, forge) => {
    expect(await services(bearer(forge(secret)))).toMatchObject({
      status: 401,
      headers: { 'content-type': 'application/problem+json' },
    })
  })

  test.each([
    ['a token without a name', '/name', { name: ' ' }],
    ['a name of 61 characters', '/name', { name: 'x'.repeat(61) }],
    ['no days', '/days', { name: 'x', days: 0 }],
    ['366 days', '/days', { name: 'x', days: 366 }],
    ['half a day', '/days', { name: 'x', days: 0.5 }],
  ])('is not made of %s', async (_, pointer, draft) => {
    const errors = [expect.objectContaining({ pointer })]
    expect(await alice.send('POST', '/api/account/tokens', draft)).toMatchObject({ status: 400, body: { errors } })
  })

  test('of a user’s account that is bound to no pod is refused, which an administrator alone can mint', async () => {
    const minted = await cluster.kubectl('create', 'token', 'default', '-n', 'karvdash-alice', '--audience=karvdash')
    expect(await services(bearer(minted.trim()))).toMatchObject({ status: 401 })
  })
})
