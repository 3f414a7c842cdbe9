import { describe, expect, test } from '@jest/globals'
import { fakeAccounts } from './fake-accounts.ts'
import { createSessions } from './sessions.ts'
import { createSigner } from './signer.ts'

const hourMs = 3600_000

const place = { agent: 'Firefox', address: '192.0.2.1' }

function setUp(key = Buffer.alloc(32, 1)) {
  const clock = { now: Date.parse('2026-01-01T00:00:00Z') }
  const accounts = fakeAccounts({ user: 'alice' }, { user: 'root' })
  return { clock, accounts, sessions: createSessions({ accounts, signer: createSigner(key), clock: () => clock.now }) }
}

describe('a session', () => {
  test('that is left alone ends after twelve hours', async () => {
    const { sessions, clock } = setUp()
    const [one, two] = [await sessions.begin('alice', place), await sessions.begin('alice', place)]
    clock.now += 12 * hourMs
    expect(await sessions.check(one.cookie)).toMatchObject({ user: 'alice' })
    clock.now += 1
    await expect(sessions.check(two.cookie)).rejects.toMatchObject({ status: 401 })
  })

  test('that is used goes on, for a week and no longer', async () => {
    const { sessions, clock } = setUp()
    const { cookie } = await sessions.begin('alice', place)
    for (let hours = 0; hours < 7 * 24; hours += 12) {
      expect(await sessions.check(cookie)).toMatchObject({ user: 'alice' })
      // The use is noted beside the request.
      await Promise.resolve()
      clock.now += 12 * hourMs
    }
    clock.now += 1
    await expect(sessions.check(cookie)).rejects.toMatchObject({ status: 401 })
  })

  test('is noted as used at most once in five minutes, and holds while that cannot be written', async () => {
    const { sessions, clock, accounts } = setUp()
    const { cookie } = await sessions.begin('alice', place)
    let writes = 0
    accounts.update = () => {
      writes++
      return Promise.reject(new Error('away'))
    }
    clock.now += 300_000
    await sessions.check(cookie)
    expect(writes).toBe(0)
    clock.now += 1
    await Promise.all([sessions.check(cookie), sessions.check(cookie)])
    expect(writes).toBe(1)
  })

  test('is listed with where it began, and tells which one asks', async () => {
    const { sessions } = setUp()
    const { claim } = await sessions.begin('alice', place)
    await sessions.begin('alice', { agent: 'x'.repeat(1000), address: '' })
    expect(await sessions.list(claim)).toMatchObject([
      { id: claim.session, agent: 'Firefox', address: '192.0.2.1', current: true },
      { agent: 'x'.repeat(200), current: false },
    ])
  })

  test('of one user is not ended by another, and all of one user’s end at once', async () => {
    const { sessions } = setUp()
    const [alices, roots] = [await sessions.begin('alice', place), await sessions.begin('root', place)]
    await expect(sessions.end('root', alices.claim.session)).rejects.toMatchObject({ status: 404 })
    await sessions.end('alice')
    await expect(sessions.check(alices.cookie)).rejects.toMatchObject({ status: 401 })
    expect(await sessions.check(roots.cookie)).toEqual(roots.claim)
  })

  test('in which an administrator acts as a user says so, lasts an hour, and ends with the administrator’s own', async () => {
    const { sessions, clock, accounts } = setUp()
    const own = await sessions.begin('root', place)
    const begin = () => sessions.begin('alice', { ...place, actor: own.claim })
    const acting = await begin()
    expect(await sessions.check(acting.cookie)).toMatchObject({ user: 'alice', actor: { user: 'root' } })
    expect(accounts.known('alice')?.sessions).toMatchObject([{ actor: 'root' }])
    clock.now += hourMs + 1
    await expect(sessions.check(acting.cookie)).rejects.toMatchObject({ status: 401 })
    const another = await begin()
    await sessions.end('root', own.claim.session)
    await expect(sessions.check(another.cookie)).rejects.toMatchObject({ status: 401 })
  })

  test('that was ended is over, and no other is', async () => {
    const { sessions } = setUp()
    const [one, two] = [await sessions.begin('alice', place), await sessions.begin('alice', place)]
    await sessions.end('alice', one.claim.session)
    await expect(sessions.check(one.cookie)).rejects.toMatchObject({ status: 401 })
    expect(await sessions.check(two.cookie)).toEqual(two.claim)
  })

  test('begun on another replica a moment ago is found, though the cache does not know it yet', async () => {
    const { sessions, accounts, clock } = setUp()
    accounts.lag = true
    const { cookie } = await sessions.begin('alice', place)
    expect(await sessions.check(cookie)).toMatchObject({ user: 'alice' })
    // An old one that is not known costs no call: it ended.
    clock.now += 11_000
    accounts.fresh = () => Promise.reject(new Error('called'))
    await expect(sessions.check(cookie)).rejects.toMatchObject({ status: 401 })
  })

  test('is one of at most fifty: the oldest ends when one more begins', async () => {
    const { sessions, accounts } = setUp()
    const first = await sessions.begin('alice', place)
    for (let n = 0; n < 50; n++) await sessions.begin('alice', place)
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
    const { cookie } = await sessions.begin('alice', place)
    await expect(sessions.check(forge(cookie))).rejects.toMatchObject({ status: 401 })
  })

  test('signed with another key is nobody’s', async () => {
    const { cookie } = await setUp(Buffer.alloc(32, 2)).sessions.begin('alice', place)
    await expect(setUp().sessions.check(cookie)).rejects.toMatchObject({ status: 401 })
  })
})

test('a CSRF token is the one of its session', async () => {
  const { sessions } = setUp()
  const [one, two] = [await sessions.begin('alice', place), await sessions.begin('alice', place)]
  const token = sessions.csrfToken(one.claim)
  expect(sessions.isCsrfToken(one.claim, token)).toBe(true)
  expect(sessions.isCsrfToken(two.claim, token)).toBe(false)
  expect(sessions.isCsrfToken(one.claim, '')).toBe(false)
  expect(sessions.isCsrfToken(one.claim, `${token}=`)).toBe(false)
  expect(one.cookie).not.toContain(token)
})
