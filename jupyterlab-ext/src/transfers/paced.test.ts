import { expect, test } from '@jest/globals'
import { paced } from './paced.ts'

function setUp() {
  const told: number[] = []
  const timers: (() => void)[] = []
  const tells = paced<number>(
    (value) => told.push(value),
    500,
    (_, then) => timers.push(then),
  )
  return { told, tells, pass: () => timers.shift()?.() }
}

test('of what comes too fast the latest is told, and never nothing', () => {
  const { told, tells, pass } = setUp()
  for (const value of [1, 2, 3]) tells.tell(value)
  expect(told).toEqual([1])
  pass()
  expect(told).toEqual([1, 3])
  pass()
  tells.tell(4)
  expect(told).toEqual([1, 3, 4])
})

test('what waits is not told any more once it is stopped', () => {
  const { told, tells, pass } = setUp()
  for (const value of [1, 2]) tells.tell(value)
  tells.stop()
  pass()
  expect(told).toEqual([1])
})
