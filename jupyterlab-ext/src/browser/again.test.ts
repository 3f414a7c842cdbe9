import { expect, test } from '@jest/globals'
import { again } from './again.ts'

test('however often it is asked for meanwhile, there is one more run, which begins after they asked', async () => {
  const ends: (() => void)[] = []
  const refresh = again(() => new Promise<void>((resolve) => ends.push(resolve)))
  const first = refresh()
  const others = [refresh(), refresh(), refresh()]
  expect(ends).toHaveLength(1)
  ends[0]?.()
  await first
  await new Promise((resolve) => setTimeout(resolve))
  expect(ends).toHaveLength(2)
  ends[1]?.()
  await Promise.all(others)
  void refresh()
  expect(ends).toHaveLength(3)
})

test('a run that failed does not keep the next from being one', async () => {
  let runs = 0
  const refresh = again(async () => {
    runs += 1
    throw new Error('away')
  })
  await Promise.allSettled([refresh(), refresh()])
  await expect(refresh()).rejects.toThrow('away')
  expect(runs).toBe(3)
})
