import { describe, expect, test } from '@jest/globals'
import { Problem } from '@karvdash/common'
import { createThrottle } from './throttle.ts'

function refusal(act: () => void): Problem | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

describe('a throttle', () => {
  const at = (start: number) => {
    const clock = { now: start }
    return { clock, throttle: createThrottle({ burst: 3, refillMs: 1000, clock: () => clock.now }) }
  }

  test('lets so many through in a row, and then says how long to wait', () => {
    const { throttle } = at(5_000_000)
    for (let n = 0; n < 3; n++) throttle.take('a')
    expect(refusal(() => throttle.take('a'))).toMatchObject({ status: 429, extra: { retryAfter: 1 } })
  })

  test('gives one try back each interval, and no more than the burst', () => {
    const { throttle, clock } = at(0)
    for (let n = 0; n < 3; n++) throttle.take('a')
    clock.now = 1000
    throttle.take('a')
    expect(refusal(() => throttle.take('a'))?.status).toBe(429)
    clock.now = 1_000_000
    for (let n = 0; n < 3; n++) throttle.take('a')
    expect(refusal(() => throttle.take('a'))?.status).toBe(429)
  })

  test('does not make who goes on trying wait for longer', () => {
    const { throttle, clock } = at(0)
    for (let n = 0; n < 100; n++) refusal(() => throttle.take('a'))
    clock.now = 1000
    expect(refusal(() => throttle.take('a'))).toBeUndefined()
  })

  test('slows one key down and no other, and forgets a key that is cleared', () => {
    const { throttle } = at(0)
    for (let n = 0; n < 3; n++) throttle.take('a')
    expect(refusal(() => throttle.take('b'))).toBeUndefined()
    throttle.clear('a')
    expect(refusal(() => throttle.take('a'))).toBeUndefined()
  })

  test('that is flooded with keys stays bounded, and the flooder stays slowed down', () => {
    const { throttle } = at(0)
    for (let n = 0; n < 30_000; n++) throttle.take(`key ${n}`)
    for (let n = 0; n < 2; n++) throttle.take('key 29999')
    expect(refusal(() => throttle.take('key 29999'))?.status).toBe(429)
  })
})
