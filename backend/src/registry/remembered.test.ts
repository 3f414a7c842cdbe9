import { expect, test } from '@jest/globals'
import { remembered } from './remembered.ts'

const clock = { now: 0 }
const counting = (read: (times: number) => Promise<number> = async (times) => times) => {
  let times = 0
  clock.now = 0
  return remembered({ read: () => read(++times), freshMs: 10, staleMs: 100, most: 10, clock: () => clock.now })
}
const later = async () => new Promise((resolve) => setImmediate(resolve))

test('what is fresh is not asked again, what is not is told while it is, what is old is waited for', async () => {
  const { get } = counting()
  expect([await get(''), await get('')]).toEqual([1, 1])
  clock.now = 10
  expect(await get('')).toBe(1)
  await later()
  expect(await get('')).toBe(2)
  clock.now = 111
  expect(await get('')).toBe(3)
})

test('whoever asks at the same time asks once', async () => {
  const { get } = counting()
  expect(await Promise.all([get(''), get(''), get('')])).toEqual([1, 1, 1])
})

test('a failure is told to who waits for it, and not remembered', async () => {
  const { get } = counting(async (times) => {
    if (times % 2 === 1) throw new Error('away')
    return times
  })
  await expect(get('')).rejects.toThrow('away')
  expect(await get('')).toBe(2)
  clock.now = 10
  expect(await get('')).toBe(2)
  await later()
  expect(await get('')).toBe(2)
})

test('what was read before something changed is not remembered', async () => {
  const first = Promise.withResolvers<number>()
  const { get, forget } = counting((times) => (times === 1 ? first.promise : Promise.resolve(times)))
  const before = get('')
  forget('')
  first.resolve(1)
  expect(await before).toBe(1)
  expect(await get('')).toBe(2)
})
