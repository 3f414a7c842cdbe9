import { describe, expect, test } from '@jest/globals'
import { fakeAccounts } from './fake-accounts.ts'
import { createSessions } from './sessions.ts'

const hourMs = 3600_000

function setUp(key = Buffer.alloc(32, 1)) {
  const clock = { now: Date.parse('2026-01-01T00:00:00Z') }
  const accounts = fakeAccounts({ user: 'alice' })
  return { clock, accounts, sessions: createSessions({ accounts, key, clock: () => clock.now }) }
}

describe('a session', () => {
  test('holds for twelve hours', async () => {
    const { sessions, clock } = setUp()
    const { cookie } = await sessions.begin('alice')
    clock.now += 12 * hourMs
    expect(await sessions.check(cookie)).toMatchObject({ user: 'alice' })
    clock.now += 1
    await expect(sessions.check(cookie)).rejects.toMatchObject({ status: 401 })
  })

  test('that was ended is over, and no other is', async () => {
    const { sessions } = setUp()
    const [one, two] = [await sessions.begin('alice'), await sessions.begin('alice')]
    await sessions.end(one.claim)
    await expect(sessions.check(one.cookie)).rejects.toMatchObject({ status: 401 })
    expect(await sessions.check(two.cookie)).toEqual(two.claim)
  })

  test('begun on another replica a moment ago is found, though the cache does not know it yet', async () => {
    const { sessions, accounts, clock } = setUp()
    accounts.lag = true
    const { cookie } = await sessions.begin('alice')
    expect(await sessions.check(cookie)).toMatchObject({ user: 'alice' })
    // An old one that is not known costs no call: it ended.
    clock.now += 11_000
    accounts.fresh = () => Promise.reject(new Error('called'))
    await expect(sessions.check(cookie)).rejects.toMatchObject({ status: 401 })
  })

  test('is one of at most fifty: the oldest ends when one more begins', async () => {
    const { sessions, accounts } = setUp()
    const first = await sessions.begin('alice')
    for (let n = 0; n < 50; n++) await sessions.begin('alice')
    expect(accounts.known('alice')?.sessions).toHaveLength(50)
    await expect(sessions.check(first.cookie)).rejects.toMatchObject({ status: 401 })
  })

  test.each([
    ['nothing', () => ''],
    ['a changed claim', (cookie: string) => `${Buffer.from('{"user":"admin"}').toString('base64url')}.${cookie.split('.')[1]}`],
    ['no signature', (cookie: string) => `${cookie.split('.')[0]}.`],
    ['half a signature', (cookie: string) => cookie.slice(0, -20)],
    ['two dots', (cookie: string) => `.${cookie}`],
  ])('is not what a cookie with %s tells', async (_, forge) => {
    const { sessions } = setUp()
    const { cookie } = await sessions.begin('alice')
    await expect(sessions.check(forge(cookie))).rejects.toMatchObject({ status: 401 })
  })

  test('signed with another key is nobody’s', async () => {
    const { cookie } = await setUp(Buffer.alloc(32, 2)).sessions.begin('alice')
    await expect(setUp().sessions.check(cookie)).rejects.toMatchObject({ status: 401 })
  })
})

describe('a signed statement', () => {
  test('holds for its own purpose alone', async () => {
    const { sessions } = setUp()
    const text = sessions.sign('ticket', { a: 1 })
    expect(sessions.verify('ticket', text)).toEqual({ a: 1 })
    expect(sessions.verify('session', text)).toBeUndefined()
    const { cookie } = await sessions.begin('alice')
    expect(sessions.verify('ticket', cookie)).toBeUndefined()
  })

  test('cannot be made of a purpose and a text that run into one another', () => {
    const { sessions } = setUp()
    const [text = '', signature = ''] = sessions.sign('ab', {}).split('.')
    expect(sessions.verify('a', `b${text}.${signature}`)).toBeUndefined()
  })
})

test('a CSRF token is the one of its session', async () => {
  const { sessions } = setUp()
  const [one, two] = [await sessions.begin('alice'), await sessions.begin('alice')]
  const token = sessions.csrfToken(one.claim)
  expect(sessions.isCsrfToken(one.claim, token)).toBe(true)
  expect(sessions.isCsrfToken(two.claim, token)).toBe(false)
  expect(sessions.isCsrfToken(one.claim, '')).toBe(false)
  expect(sessions.isCsrfToken(one.claim, `${token}=`)).toBe(false)
  expect(one.cookie).not.toContain(token)
})
