import { expect, test } from '@jest/globals'
import { ambientCredentials } from './ambient.ts'

const nothing = () => {
  throw new Error('ENOENT')
}

test('a pod with an identity is signed in, and its token is read anew each time', () => {
  let token = 'first\n'
  const credentials = ambientCredentials({ KARVDASH_URL: 'https://karvdash.karvdash.svc/' }, () => token)
  expect(credentials?.server).toEqual({ id: 'karvdash', url: 'https://karvdash.karvdash.svc' })
  expect(credentials?.token()).toBe('first')
  token = 'second'
  expect(credentials?.token()).toBe('second')
})

test('nobody is signed in without an address or a token', () => {
  expect(ambientCredentials({}, () => 'token')).toBeUndefined()
  expect(ambientCredentials({ KARVDASH_URL: 'nonsense' }, () => 'token')).toBeUndefined()
  expect(ambientCredentials({ KARVDASH_URL: 'https://karvdash' }, nothing)).toBeUndefined()
})
