import { expect, test } from '@jest/globals'
import { Problem } from '@karvdash/common'
import { type Patience, patiently } from './patience.ts'

const away = () => new Problem(503, 'Not available')

function patience(more: Partial<Patience> = {}) {
  const waits: number[] = []
  const { signal } = new AbortController()
  const wait = async (ms: number) => void waits.push(ms)
  return { waits, options: { wait, signal, done: () => 0, onWait: () => undefined, ...more } }
}

test('what is away for a while is tried again, less and less often', async () => {
  const { waits, options } = patience()
  await patiently(async () => {
    if (waits.length < 6) throw away()
  }, options)
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
})

test('what stays away is given up after five minutes', async () => {
  const { waits, options } = patience()
  await expect(patiently(() => Promise.reject(away()), options)).rejects.toMatchObject({ status: 503 })
  const waited = waits.reduce((sum, ms) => sum + ms, 0)
  expect([waited >= 300_000, waited < 320_000]).toEqual([true, true])
})

test('where something was done between, the patience is new', async () => {
  let done = 0
  const { waits, options } = patience({ done: () => done })
  await patiently(async () => {
    if (waits.length > 60) return
    if (waits.length % 3 === 0) done += 1
    throw away()
  }, options)
  expect(waits.filter((ms) => ms > 4_000)).toEqual([])
})

test('anything else is told at once, and so is that it was ended', async () => {
  const { waits, options } = patience()
  await expect(patiently(() => Promise.reject(new Problem(507, 'Full')), options)).rejects.toMatchObject({ status: 507 })
  const ended = AbortSignal.abort(new Error('cancelled'))
  await expect(patiently(() => Promise.reject(away()), { ...options, signal: ended })).rejects.toThrow('cancelled')
  expect(waits).toEqual([])
})
