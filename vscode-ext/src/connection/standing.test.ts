import { describe, expect, test } from '@jest/globals'
import { contractVersion, Problem, unavailable } from '@karvdash/common'
import { originOf, requireContract, serverId, troubleOf } from './standing.ts'

const because = (code: string) =>
  unavailable('Karvdash', new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) }))

describe('what a failure says about the connection', () => {
  test.each([
    ['a revoked token', new Problem(401, 'Not signed in', { detail: 'x' }), 'refused'],
    ['a server of another version', new Problem(426, 'Other version'), 'outdated'],
    ['a server that is away', because('ECONNREFUSED'), 'away'],
    ['a name that nobody knows', because('ENOTFOUND'), 'away'],
    ['an ingress without a backend', new Problem(503, 'Service Unavailable'), 'away'],
    ['a certificate signed by itself', because('DEPTH_ZERO_SELF_SIGNED_CERT'), 'untrusted'],
    ['a certificate of an unknown authority', because('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'untrusted'],
    ['a certificate for another name', because('ERR_TLS_CERT_ALTNAME_INVALID'), 'untrusted'],
    ['a certificate of yesterday', because('CERT_HAS_EXPIRED'), 'untrusted'],
  ])('%s', (_, failure, trouble) => expect(troubleOf(failure)).toBe(trouble))

  test.each([
    ['a missing file', new Problem(404, 'Not found', { detail: 'x' })],
    ['a domain that is away', new Problem(503, 'Not available', { detail: 'The domain is away.' })],
    ['an answer that is not understood', new Problem(502, 'Unexpected answer', { detail: 'x' })],
    ['a bug', new TypeError('x')],
  ])('nothing: %s', (_, failure) => expect(troubleOf(failure)).toBeUndefined())
})

describe('the contract of a server', () => {
  test.each([
    [contractVersion, contractVersion],
    ['1.99', '1.0'],
  ])('%s that serves clients from %s on is spoken', (contract, oldestClient) =>
    expect(() => requireContract({ contract, oldestClient })).not.toThrow(),
  )

  test.each([
    ['2.0', '1.0'],
    ['1.20', '1.10'],
    ['0.9', '0.1'],
  ])('%s that serves clients from %s on is not', (contract, oldestClient) =>
    expect(() => requireContract({ contract, oldestClient })).toThrow(/version/),
  )
})

describe('the address of a dashboard', () => {
  test.each([
    ['karvdash.example.org', 'https://karvdash.example.org'],
    [' https://Karvdash.example.org:8443/#/services ', 'https://karvdash.example.org:8443'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
  ])('%s is %s', (text, origin) => expect(originOf(text)).toBe(origin))

  test.each(['', '   ', 'http://karvdash.example.org', 'https://u:p@karvdash.example.org', 'not a name', 'ftp://x', 'https://'])(
    '"%s" is none, or would send the token in the clear',
    (text) => expect(originOf(text)).toBeUndefined(),
  )

  test('makes the authority of files, in lower case and with its port', () =>
    expect(serverId('https://Karvdash.example.org:8443')).toBe('karvdash.example.org:8443'))
})
