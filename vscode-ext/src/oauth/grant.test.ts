import { beforeEach, describe, expect, test } from '@jest/globals'
import { unavailable } from '@karvdash/common'
import { Refusal, type Tokens } from './endpoints.ts'
import { createGrant } from './grant.ts'

const lifetimeMs = 900_000
let now: number
let kept: Tokens | undefined
let happened: string[]
let failure: Error | undefined
let turns: Promise<unknown>

/** One after the other, as windows on one machine do it. */
const alone = <T>(work: () => Promise<T>): Promise<T> => {
  const turn = turns.then(work)
  turns = turn.catch(() => undefined)
  return turn
}
/** A server that takes each refresh token once. */
async function refresh(token: string): Promise<Tokens> {
  happened.push(`refresh ${token}`)
  await Promise.resolve()
  if (failure) throw failure
  const next = Number(token.slice(1)) + 1
  return { access: `a${next}`, refresh: `r${next}`, expiresAt: now + lifetimeMs }
}
const open = () =>
  createGrant({
    read: async () => kept,
    write: async (tokens) => {
      happened.push(`keep ${tokens.refresh}`)
      kept = tokens
    },
    refresh,
    alone,
    now: () => now,
    random: () => 0,
  })

beforeEach(() => {
  now = 0
  kept = { access: 'a1', refresh: 'r1', expiresAt: lifetimeMs }
  happened = []
  failure = undefined
  turns = Promise.resolve()
})

describe('the access token', () => {
  test('is shown as long as it is good, and nothing is asked for', async () => {
    const token = open()
    expect([await token(), await token()]).toEqual(['a1', 'a1'])
    expect(happened).toEqual([])
  })

  test('is renewed ahead of its end, once for all who ask, and the next refresh token is kept before anything is done with it', async () => {
    const token = open()
    await token()
    now = lifetimeMs - 59_000
    const asked = Array.from({ length: 20 }, async () => {
      const shown = await token()
      happened.push(`use ${shown}`)
    })
    await Promise.all(asked)
    expect(happened.slice(0, 3)).toEqual(['refresh r1', 'keep r2', 'use a2'])
    expect(happened.filter((one) => one.startsWith('refresh'))).toHaveLength(1)
  })

  test('that the server refused is renewed, once for all that it refused', async () => {
    const token = open()
    await token()
    expect(await Promise.all([token('a1'), token('a1'), token('a1')])).toEqual(['a2', 'a2', 'a2'])
    expect(await token('a1')).toBe('a2')
    expect(happened).toEqual(['refresh r1', 'keep r2'])
  })

  test('is renewed by one window for all: no refresh token is shown twice', async () => {
    const windows = [open(), open(), open()]
    now = lifetimeMs
    expect(await Promise.all(windows.map((token) => token()))).toEqual(['a2', 'a2', 'a2'])
    expect(happened).toEqual(['refresh r1', 'keep r2'])
  })

  test('of whom the server signed out stays refused, and the refresh token is not shown again', async () => {
    const token = open()
    failure = new Refusal('invalid_grant')
    expect(await token('a1')).toBe('a1')
    expect(await token('a1')).toBe('a1')
    expect(happened).toEqual(['refresh r1'])
  })

  test('of a server that is away is no reason to sign out: it is asked for again', async () => {
    const token = open()
    failure = unavailable('Karvdash', new TypeError('fetch failed'))
    now = lifetimeMs - 30_000
    expect(await token()).toBe('a1')
    now = lifetimeMs
    await expect(token()).rejects.toMatchObject({ status: 503 })
    failure = undefined
    expect(await token()).toBe('a2')
  })

  test('of whom signed out in another window is none', async () => {
    const token = open()
    await token()
    kept = undefined
    expect(await token('a1')).toBe('')
    expect(happened).toEqual([])
  })
})
