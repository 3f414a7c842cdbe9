import { describe, expect, test } from '@jest/globals'
import { unavailable } from '@karvdash/common'
import { approval } from './approval.ts'
import { Refusal, type Tokens } from './endpoints.ts'

const tokens: Tokens = { access: 'a', refresh: 'r', expiresAt: 1 }
const code = { device: 'd', intervalMs: 5000, lifetimeMs: 60_000 }

/** A server that gives these answers in turn, and the last of them for ever. */
function world(...answers: (Tokens | Error)[]) {
  const waits: number[] = []
  const cancelling = new AbortController()
  const done = approval(
    {
      async redeem(device) {
        expect(device).toBe('d')
        const answer = answers.length > 1 ? answers.shift() : answers[0]
        if (answer instanceof Error || answer === undefined) throw answer
        return answer
      },
      wait: async (ms) => void waits.push(ms),
      now: () => waits.reduce((sum, ms) => sum + ms, 0),
    },
    code,
    cancelling.signal,
  )
  return { waits, done, cancel: () => cancelling.abort() }
}
const pending = new Refusal('authorization_pending')
const slower = new Refusal('slow_down')
const away = unavailable('Karvdash', new TypeError('fetch failed'))

describe('waiting for an approval', () => {
  test('asks at the interval of the server until it is there', async () => {
    const { done, waits } = world(pending, pending, tokens)
    expect(await done).toEqual({ kind: 'approved', tokens })
    expect(waits).toEqual([5000, 5000, 5000])
  })

  test('asks less often from then on where the server says so', async () => {
    const { done, waits } = world(slower, pending, slower, tokens)
    await done
    expect(waits).toEqual([5000, 10_000, 10_000, 15_000])
  })

  test('goes on, ever more patiently, while the server is away', async () => {
    const { done, waits } = world(away, away, tokens)
    expect(await done).toMatchObject({ kind: 'approved' })
    expect(waits).toEqual([5000, 10_000, 20_000])
  })

  test('ends with the lifetime of the code, with a server that is away too', async () => {
    expect(await world(pending).done).toEqual({ kind: 'expired' })
    expect(await world(away).done).toEqual({ kind: 'expired' })
  })

  test.each([
    ['denied', 'access_denied'],
    ['expired', 'expired_token'],
  ])('ends where it was %s', async (kind, error) => expect(await world(pending, new Refusal(error)).done).toEqual({ kind }))

  test('ends where the person cancels, and asks nothing more', async () => {
    const { done, cancel, waits } = world(pending)
    cancel()
    expect(await done).toEqual({ kind: 'cancelled' })
    expect(waits).toHaveLength(1)
  })

  test('fails with what is no answer to it', async () => {
    await expect(world(new Refusal('invalid_client')).done).rejects.toMatchObject({ code: 'invalid_client' })
  })
})
