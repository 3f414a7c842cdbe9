import { expect, test } from '@jest/globals'
import { KubeError } from './errors.ts'
import { pastQuotaRaces } from './quota-races.ts'

const conflict = (kind: string) => new KubeError(409, { reason: 'Conflict', message: 'changed', details: { kind } }, 'POST /x')

const atOnce = { race: 0, uncounted: 0 }

/** Fails so many times, then answers. */
function failing(times: number, error: Error) {
  const asked = { times: 0 }
  const ask = async () => {
    asked.times++
    if (asked.times <= times) throw error
    return 'stored'
  }
  return { asked, ask }
}

test('what a quota could not be counted for at once is asked again', async () => {
  const { asked, ask } = failing(3, conflict('resourcequotas'))
  expect(await pastQuotaRaces(ask, atOnce)).toBe('stored')
  expect(asked.times).toBe(4)
})

test('a name that is taken is not asked for again', async () => {
  const { asked, ask } = failing(1, conflict('servicerecords'))
  await expect(pastQuotaRaces(ask, atOnce)).rejects.toThrow('changed')
  expect(asked.times).toBe(1)
})

test('a quota that never stands still is given up', async () => {
  const { asked, ask } = failing(1000, conflict('resourcequotas'))
  await expect(pastQuotaRaces(ask, atOnce)).rejects.toThrow('changed')
  expect(asked.times).toBe(8)
})

test('a quota that nobody has counted for yet is waited for, one that is used up is not', async () => {
  const forbidden = (message: string) => new KubeError(403, { reason: 'Forbidden', message }, 'POST /x')
  const fresh = failing(3, forbidden('x is forbidden: status unknown for quota: karvdash, resources: pods'))
  expect(await pastQuotaRaces(fresh.ask, atOnce)).toBe('stored')
  const full = failing(1, forbidden('x is forbidden: exceeded quota: karvdash'))
  await expect(pastQuotaRaces(full.ask, atOnce)).rejects.toThrow('exceeded quota')
})
