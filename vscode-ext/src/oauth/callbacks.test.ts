import { beforeEach, describe, expect, test } from '@jest/globals'
import { type Callbacks, createCallbacks, redirectOf } from './callbacks.ts'

const issuer = 'https://karvdash.example.org'
const state = 'S'.repeat(43)
const link = (query: string, path = '/auth', fragment = '') => ({ path, query, fragment })
const good = `code=c.1&state=${state}&iss=${issuer}`

let callbacks: Callbacks
let outcome: string
let ending: AbortController
let ended: Promise<unknown>

beforeEach(() => {
  callbacks = createCallbacks()
  outcome = 'waiting'
  ending = new AbortController()
  ended = callbacks.code({ state, issuer }, ending.signal).then(
    (code) => (outcome = `code ${code}`),
    (failure: { code: string }) => (outcome = `refused ${failure.code}`),
  )
})
const turn = () => new Promise((resolve) => setTimeout(resolve))

describe('the answer of the browser', () => {
  test('with the right state, of the right server, brings the code', async () => {
    callbacks.receive(link(good))
    await ended
    expect(outcome).toBe('code c.1')
  })

  test('tells that the person refused', async () => {
    callbacks.receive(link(`error=access_denied&state=${state}&iss=${issuer}`))
    await ended
    expect(outcome).toBe('refused access_denied')
  })

  test.each([
    ['another state', link(`code=c&state=other&iss=${issuer}`)],
    ['no state', link(`code=c&iss=${issuer}`)],
    ['two codes', link(`${good}&code=evil`)],
    ['two states', link(`${good}&state=${state}`)],
    ['another path', link(good, '/auth/')],
    ['a path below', link(good, '/auth/x')],
    ['a fragment', link(good, '/auth', 'x')],
    ['nothing', link('')],
  ])('attack: with %s is ignored', async (_, given) => {
    callbacks.receive(given)
    await turn()
    expect(outcome).toBe('waiting')
  })

  test.each([
    ['of another server', `code=c&state=${state}&iss=https://evil.example`],
    ['of a server that does not say who it is', `code=c&state=${state}`],
  ])('attack: %s ends it without a code (RFC 9207)', async (_, query) => {
    callbacks.receive(link(query))
    await ended
    expect(outcome).toBe('refused mixed_up')
  })

  test('nobody waits for after it came, or after it was cancelled', async () => {
    ending.abort()
    await ended
    expect(outcome).toBe('code undefined')
    callbacks.receive(link(good))
    callbacks.receive(link(good))
    expect(outcome).toBe('code undefined')
  })
})

test.each([
  [{ isDesktop: true, scheme: 'vscode' }, 'vscode://karvdash.karvdash/auth'],
  [{ isDesktop: true, scheme: 'vscode-insiders' }, 'vscode-insiders://karvdash.karvdash/auth'],
  [{ isDesktop: true, scheme: 'vscodium' }, 'vscodium://karvdash.karvdash/auth'],
  [{ isDesktop: true, scheme: 'cursor' }, undefined],
  [{ isDesktop: false, scheme: 'code-oss' }, undefined],
  [{ isDesktop: false, scheme: 'vscode' }, undefined],
])('the browser answers %j at %s', (where, redirect) => expect(redirectOf(where)).toBe(redirect))
