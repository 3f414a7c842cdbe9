import { describe, expect, test } from '@jest/globals'
import type { TokenScope } from '@karvdash/common'
import { TokenEntry } from './account.ts'
import { fakeAccounts } from './fake-accounts.ts'
import { createTokens, isTokenForm } from './tokens.ts'

const dayMs = 86_400_000
const scopes: TokenScope[] = ['files', 'read-only']

describe('a personal token', () => {
  const setUp = () => {
    const clock = { now: Date.parse('2026-01-01T00:00:00Z') }
    const accounts = fakeAccounts({ user: 'alice' }, { user: 'bob' })
    return { clock, accounts, tokens: createTokens({ accounts, clock: () => clock.now }) }
  }

  test('tells whose it is, until it expires', async () => {
    const { tokens, clock } = setUp()
    const { secret, expiresAt } = await tokens.create('alice', { name: 'a', days: 7, scopes })
    expect(expiresAt).toBe('2026-01-08T00:00:00.000Z')
    expect(await tokens.check(secret)).toMatchObject({ user: 'alice' })
    clock.now += 7 * dayMs
    expect(await tokens.check(secret)).toMatchObject({ user: 'alice' })
    clock.now += 1
    await expect(tokens.check(secret)).rejects.toMatchObject({ status: 401 })
  })

  test('is kept as a hash and shown without it', async () => {
    const { tokens, accounts } = setUp()
    const { secret } = await tokens.create('alice', { name: 'a', days: 7, scopes })
    expect(JSON.stringify([...accounts.stored])).not.toContain(secret)
    expect(await tokens.list('alice')).toEqual([
      { id: expect.any(String), name: 'a', scopes, createdAt: expect.any(String), expiresAt: expect.any(String) },
    ])
  })

  test('that another replica made a moment ago is found, though the cache does not know it yet', async () => {
    const { tokens, accounts } = setUp()
    accounts.lag = true
    const { secret } = await tokens.create('alice', { name: 'a', days: 7, scopes })
    expect(await tokens.check(secret)).toMatchObject({ user: 'alice' })
  })

  test('of a user nobody knows costs no call', async () => {
    const { tokens, accounts } = setUp()
    accounts.fresh = () => Promise.reject(new Error('called'))
    await expect(tokens.check(`kvd_nobody_${'0'.repeat(12)}_${'0'.repeat(40)}`)).rejects.toMatchObject({ status: 401 })
  })

  test('of one user is no other user’s, even with the right id and secret', async () => {
    const { tokens } = setUp()
    const { secret } = await tokens.create('alice', { name: 'a', days: 7, scopes })
    await expect(tokens.check(secret.replace('alice', 'bob'))).rejects.toMatchObject({ status: 401 })
  })

  test('tells what it may do, and to within an hour when it was used', async () => {
    const { tokens, clock } = setUp()
    const { secret } = await tokens.create('alice', { name: 'a', days: 7, scopes })
    expect(await tokens.check(secret)).toEqual({ user: 'alice', scopes })
    const used = async () => (await tokens.list('alice'))[0]?.usedAt
    expect(await used()).toBe('2026-01-01T00:00:00.000Z')
    clock.now += 3600_000
    await tokens.check(secret)
    expect(await used()).toBe('2026-01-01T00:00:00.000Z')
    clock.now += 1
    await tokens.check(secret)
    expect(await used()).toBe('2026-01-01T01:00:00.001Z')
  })

  test('that was made before there were scopes may do the usual', async () => {
    const { tokens, accounts } = setUp()
    const { secret } = await tokens.create('alice', { name: 'a', days: 7, scopes })
    await accounts.update('alice', (account) => ({
      ...account,
      tokens: account.tokens.map(({ scopes: _, ...rest }) => TokenEntry.parse(rest)),
    }))
    expect((await tokens.check(secret)).scopes).toEqual(['files', 'services', 'images'])
  })

  test('is revoked alone, or with all others', async () => {
    const { tokens } = setUp()
    const made = await Promise.all([1, 2, 3].map((n) => tokens.create('alice', { name: `${n}`, days: 1, scopes })))
    await tokens.remove('alice', made[0]?.id)
    expect(await tokens.list('alice')).toHaveLength(2)
    await tokens.remove('alice')
    expect(await tokens.list('alice')).toEqual([])
  })

  test('is one of at most fifty', async () => {
    const { tokens } = setUp()
    for (let n = 0; n < 50; n++) await tokens.create('alice', { name: `${n}`, days: 1, scopes })
    await expect(tokens.create('alice', { name: 'more', days: 1, scopes })).rejects.toMatchObject({ status: 409 })
    const [first] = await tokens.list('alice')
    await tokens.remove('alice', first?.id ?? '')
    await tokens.create('alice', { name: 'more', days: 1, scopes })
  })
})

test.each([
  [`kvd_a_${'0'.repeat(12)}_${'0'.repeat(40)}`, true],
  [`kvd_a_${'0'.repeat(12)}_${'0'.repeat(40)}\n`, false],
  [` kvd_a_${'0'.repeat(12)}_${'0'.repeat(40)}`, false],
  [`kvd_a_${'0'.repeat(12)}_${'0'.repeat(41)}`, false],
  [`kvd_A_${'0'.repeat(12)}_${'0'.repeat(40)}`, false],
  ['kvd_', false],
  ['', false],
])('whether %j has the form of a token: %s', (text, isOne) => {
  expect(isTokenForm(text)).toBe(isOne)
})
