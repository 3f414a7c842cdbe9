import { describe, expect, test } from '@jest/globals'
import { IdlePolicy, judgeEveryMs, noteEveryMs } from './policy.ts'

describe('the idle policy', () => {
  test.each([{}, { after: '' }, { after: '0' }, { after: 0 }])('of %j stops nothing', (given) => {
    expect(IdlePolicy.parse(given)).toBeUndefined()
  })

  test('is read in hours, minutes, days and seconds', () => {
    expect(IdlePolicy.parse({ after: '12h' })).toMatchObject({ afterMs: 43_200_000, warningMs: 3_600_000, cpu: { text: '50m' } })
    expect(IdlePolicy.parse({ after: '2d', warning: '90m', cpu: 1 })).toMatchObject({
      afterMs: 172_800_000,
      warningMs: 5_400_000,
    })
    expect(IdlePolicy.parse({ after: '20s', warning: '10s' })).toMatchObject({ afterMs: 20_000 })
  })

  test.each([
    ['a number without a unit', { after: 12 }],
    ['a warning as long as the whole', { after: '1h', warning: '1h' }],
    ['no processors at all', { after: '2h', cpu: '0' }],
    ['something that nobody knows', { after: '2h', before: '1h' }],
  ])('does not take %s', (_, given) => {
    expect(IdlePolicy.safeParse(given).success).toBe(false)
  })

  test('looks and tells at least every quarter of an hour', () => {
    expect([noteEveryMs({ afterMs: 600_000 }), judgeEveryMs({ afterMs: 600_000 })]).toEqual([60_000, 30_000])
    expect([noteEveryMs({ afterMs: 1e9 }), judgeEveryMs({ afterMs: 1e9 })]).toEqual([600_000, 900_000])
  })
})
