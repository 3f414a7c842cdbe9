import { beforeAll, describe, expect, test } from '@jest/globals'
import { Problem, unauthenticated, usualScopes } from '@karvdash/common'
import { fakeAccounts } from './fake-accounts.ts'
import { hashPassword } from './passwords.ts'
import { createSignIn } from './sign-in.ts'

let hash: string
beforeAll(async () => {
  hash = await hashPassword('right password')
})

const token = `kvd_alice_${'0'.repeat(12)}_${'0'.repeat(40)}`

function setUp() {
  const clock = { now: 0 }
  const active = new Set(['alice', 'bob'])
  const accounts = fakeAccounts(
    { user: 'alice', password: hash },
    { user: 'bob', password: hash },
    { user: 'idle', password: hash },
  )
  const users = {
    known: (name: string) => ({
      ...{
        name,
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
      },
      active: active.has(name),
    }),
  }
  const tokens = {
    check: async (secret: string) =>
      secret === token ? { user: 'alice', scopes: usualScopes } : Promise.reject(unauthenticated('no')),
  }
  const signIn = createSignIn({ accounts, users, tokens, clock: () => clock.now })
  return { clock, active, accounts, signIn }
}

const by = (username: string, password: string, address = 'a') => ({ username, password, address })
const refusal = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
  )

describe('signing in', () => {
  test('is the same for an unknown user, a wrong password and a name that is impossible', async () => {
    const { signIn } = setUp()
    const attempts = [
      by('alice', 'wrong'),
      by('nobody', 'wrong'),
      by('No-Body', 'wrong'),
      by('', 'wrong'),
      by('__proto__', 'wrong'),
    ]
    const refusals = await Promise.all(attempts.map((attempt) => refusal(signIn.check(attempt))))
    expect(new Set(refusals.map((problem) => JSON.stringify(problem))).size).toBe(1)
    expect(refusals[0]?.status).toBe(401)
  })

  test('tells that a user is not active to whoever knows the password alone', async () => {
    const { signIn } = setUp()
    expect((await refusal(signIn.check(by('idle', 'wrong'))))?.detail).not.toContain('active')
    expect((await refusal(signIn.check(by('idle', 'right password'))))?.detail).toContain('active')
  })

  test('asks the API server nothing, or unknown users would be told by their time', async () => {
    const { signIn, accounts } = setUp()
    accounts.fresh = () => Promise.reject(new Error('called'))
    expect((await refusal(signIn.check(by('nobody', 'wrong'))))?.status).toBe(401)
  })

  test('with a right password is remembered for seconds, so that it costs nothing again', async () => {
    const { signIn, clock } = setUp()
    for (let n = 0; n < 200; n++) expect(await signIn.check(by('alice', 'right password'))).toBe('alice')
    clock.now += 11_000
    expect(await signIn.check(by('alice', 'right password'))).toBe('alice')
  })

  test('with a remembered password ends at once when the password is changed or the user deactivated', async () => {
    const { signIn, accounts, active } = setUp()
    await signIn.check(by('alice', 'right password'))
    active.delete('alice')
    expect((await refusal(signIn.check(by('alice', 'right password'))))?.status).toBe(401)
    active.add('alice')
    await signIn.check(by('alice', 'right password'))
    const next = await hashPassword('next password')
    await accounts.update('alice', (account) => ({ ...account, password: next }))
    expect((await refusal(signIn.check(by('alice', 'right password'))))?.status).toBe(401)
  })

  test('guessing is slowed down for each account and address, and a success gives the tries back', async () => {
    const { signIn, clock } = setUp()
    for (let n = 0; n < 10; n++) expect((await refusal(signIn.check(by('alice', `${n}`))))?.status).toBe(401)
    expect((await refusal(signIn.check(by('alice', 'right password'))))?.status).toBe(429)
    expect(await signIn.check(by('alice', 'right password', 'another address'))).toBe('alice')
    expect(await signIn.check(by('bob', 'right password'))).toBe('bob')
    clock.now += 60_000
    expect(await signIn.check(by('alice', 'right password'))).toBe('alice')
    for (let n = 0; n < 10; n++) expect((await refusal(signIn.check(by('alice', `${n}`))))?.status).toBe(401)
  })

  test('guessing many accounts from one address is slowed down, too', async () => {
    const { signIn } = setUp()
    const refusals = await Promise.all(Array.from({ length: 61 }, (_, n) => refusal(signIn.check(by(`user${n}`, 'password1')))))
    expect(refusals.filter((problem) => problem?.status === 429)).toHaveLength(1)
  })
})

describe('HTTP Basic', () => {
  test('takes a token in the password’s place, of this very user, who must be active', async () => {
    const { signIn, active } = setUp()
    expect(await signIn.checkBasic(by('alice', token))).toEqual({ user: 'alice', scopes: usualScopes })
    expect((await refusal(signIn.checkBasic(by('bob', token))))?.status).toBe(401)
    expect((await refusal(signIn.checkBasic(by('', token))))?.status).toBe(401)
    active.delete('alice')
    expect((await refusal(signIn.checkBasic(by('alice', token))))?.status).toBe(401)
  })
})
