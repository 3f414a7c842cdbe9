import { expect, test } from '@jest/globals'
import { atOnce, gate } from './at-once.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))
const watched = () => {
  const seen = { now: 0, most: 0 }
  const work = async (value: number) => {
    seen.most = Math.max(seen.most, ++seen.now)
    await turn()
    seen.now--
    return value * 2
  }
  return { seen, work }
}

test('work on many things is done on so many at once, in their order', async () => {
  const { seen, work } = watched()
  expect(await atOnce([1, 2, 3, 4, 5], 2, work)).toEqual([2, 4, 6, 8, 10])
  expect(seen.most).toBe(2)
  expect(await atOnce([], 2, work)).toEqual([])
})

test('after a failure nothing more is begun', async () => {
  const begun: number[] = []
  const failing = async (value: number) => {
    begun.push(value)
    await turn()
    if (value === 2) throw new Error('no')
  }
  await expect(atOnce([1, 2, 3, 4, 5, 6], 2, failing)).rejects.toThrow('no')
  await turn()
  expect(begun).toEqual([1, 2, 3])
})

test('a gate lets so many through at a time, also after failures', async () => {
  const { seen, work } = watched()
  const through = gate(3)
  const failed = through(() => Promise.reject(new Error('no')))
  await expect(failed).rejects.toThrow('no')
  const all = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((value) => through(() => work(value))))
  expect(all).toEqual([2, 4, 6, 8, 10, 12, 14])
  expect(seen).toEqual({ now: 0, most: 3 })
})
