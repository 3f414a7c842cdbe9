import { describe, expect, test } from '@jest/globals'
import { type GateRequest, navigates, passedCookies, readCredential } from './gate-request.ts'

const token = `kvd_alice_${'0'.repeat(12)}_${'0'.repeat(40)}`
const basic = (username: string, password: string) => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

function request(headers: Record<string, string>, method = 'GET'): GateRequest {
  return { method, host: '', uri: '/', header: (name) => headers[name] ?? '', address: '' }
}

describe('without the host’s cookie, Authorization', () => {
  test.each([
    ['', { kind: 'none' }],
    [`Bearer ${token}`, { kind: 'token', value: token }],
    [`bearer   ${token}`, { kind: 'token', value: token }],
    ['Bearer of-the-service', { kind: 'none' }],
    [basic('alice', 'a:b'), { kind: 'basic', username: 'alice', password: 'a:b' }],
    [basic('alice', ''), { kind: 'basic', username: 'alice', password: '' }],
    ['Basic !!!', { kind: 'basic', username: '', password: '' }],
    ['Basic', { kind: 'none' }],
    ['Digest username="alice"', { kind: 'none' }],
  ])('%j is %j', (authorization, credential) => {
    expect(readCredential(request({ authorization }), 'alice')).toEqual(credential)
  })
})

describe('with the host’s cookie, Authorization', () => {
  const cookie = 'a=1; __Host-karvdash-gate=value=x; b=2'
  test.each([
    ['of the service’s own passes', 'token abc', 'token abc'],
    ['of a scheme nobody knows passes', 'Custom x y z', 'Custom x y z'],
    ['of the service’s own users passes', basic('service', 'x'), basic('service', 'x')],
    ['that is a token of ours does not', `Bearer ${token}`, undefined],
    ['that is Basic with the owner’s name does not', basic('alice', 'whatever'), undefined],
    ['that is Basic with a token of ours does not', basic('anyone', token), undefined],
    ['that is empty does not', '', undefined],
  ])('%s', (_, authorization, passed) => {
    expect(readCredential(request({ authorization, cookie }), 'alice')).toEqual({ kind: 'cookie', value: 'value=x', passed })
  })
})

test.each([
  ['', ''],
  ['a=1; b=2', 'a=1; b=2'],
  ['__Host-karvdash-gate=x', ''],
  ['a=1;__Host-karvdash-gate=x ;  b=2;;', 'a=1; b=2'],
  ['__Host-karvdash=x; __Host-karvdash-gate=y; __Host-other=z', '__Host-other=z'],
  ['__Host-karvdash-gate =x; a=1', 'a=1'],
])('of the cookies %j the service gets %j', (cookie, passed) => {
  expect(passedCookies(request({ cookie }))).toBe(passed)
})

describe('a browser navigates', () => {
  test.each([
    [true, 'when it says so', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 'GET'],
    [true, 'when it is too old to say so, and wants a page', { accept: 'text/html,*/*' }, 'GET'],
    [false, 'in a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 'GET'],
    [false, 'when a page fetches', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: 'text/html' }, 'GET'],
    [false, 'when it sends a form', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 'POST'],
    [false, 'when it opens a WebSocket', { 'sec-websocket-key': 'x', accept: 'text/html' }, 'GET'],
    [false, 'when it is a tool', { accept: '*/*' }, 'GET'],
  ])('%s: %s', (does, _, headers, method) => {
    expect(navigates(request(headers as Record<string, string>, method))).toBe(does)
  })
})
