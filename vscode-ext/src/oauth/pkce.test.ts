import { expect, test } from '@jest/globals'
import { base64url, bytesOf, challengeOf, randomText } from './pkce.ts'

test('the challenge of RFC 7636, appendix B', async () => {
  expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
})

test('a random text fits a verifier, and is never the same', () => {
  const texts = Array.from({ length: 200 }, randomText)
  expect(texts.every((text) => /^[A-Za-z0-9_-]{43}$/.test(text))).toBe(true)
  expect(new Set(texts).size).toBe(200)
})

test('all bytes come back', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
  expect(bytesOf(base64url(bytes))).toEqual(bytes)
})
