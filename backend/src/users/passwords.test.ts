import { describe, expect, test } from '@jest/globals'
import { hashPassword, isPassword } from './passwords.ts'

describe('a password', () => {
  test.each(['a password', ' spaces at both ends ', 'пароль', 'x'.repeat(256), 'a\0b'])(
    '%j is known again, and no other is',
    async (password) => {
      const hash = await hashPassword(password)
      expect(await isPassword(password, hash)).toBe(true)
      expect(await isPassword(`${password}x`, hash)).toBe(false)
      expect(await isPassword('', hash)).toBe(false)
    },
  )

  test('is hashed with a salt of its own, by parameters that stand in the hash', async () => {
    const [one, two] = [await hashPassword('same'), await hashPassword('same')]
    expect(one).not.toBe(two)
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  })

  test('hashed by other parameters is known again by those', async () => {
    // A vector of the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32
    const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    expect(await isPassword('password', hash)).toBe(true)
    expect(await isPassword('Password', hash)).toBe(false)
  })

  test.each([undefined, '', 'plain text', '$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA', '$2b$12$abcdefghijklmnopqrstuv'])(
    'is never the one of the hash %j',
    async (hash) => {
      expect(await isPassword('', hash)).toBe(false)
      expect(await isPassword('password', hash)).toBe(false)
    },
  )

  test('of an unknown user takes as long as a wrong one', async () => {
    const hash = await hashPassword('a password')
    await isPassword('warm', undefined)
    const took = async (of: string | undefined) => {
      const start = performance.now()
      for (let n = 0; n < 5; n++) await isPassword('wrong', of)
      return performance.now() - start
    }
    const [unknown, wrong] = [await took(undefined), await took(hash)]
    // One of the two skipped the derivation if they differ by an order of magnitude.
    expect(unknown / wrong).toBeGreaterThan(0.2)
    expect(unknown / wrong).toBeLessThan(5)
  })
})
