import { describe, expect, test } from '@jest/globals'
import { isUnwatched, judge, type Standing } from './judgement.ts'

const hour = 3600_000
const policy = { afterMs: 12 * hour, warningMs: hour }
const warned = { since: 0, stopsAt: 12 * hour }
const standing = (more: Partial<Standing>): Standing => ({
  ...{ now: 0, usedAt: 0, warned: undefined, isExempt: false, look: 'idle' },
  ...more,
})

describe('a service', () => {
  test.each<[string, Partial<Standing>, object]>([
    ['used a moment ago is left alone, and not looked into', { now: 0.5 * hour, look: undefined }, { act: 'leave' }],
    ['that nothing shows active is looked into', { now: hour, look: undefined }, { act: 'look' }],
    ['idle for less than what is warned of is left alone', { now: 10.9 * hour }, { act: 'leave' }],
    ['idle until an hour before is warned', { now: 11 * hour }, { act: 'warn', since: 0, stopsAt: 12 * hour }],
    ['found late is warned for as long as is promised', { now: 30 * hour }, { act: 'warn', since: 0, stopsAt: 31 * hour }],
    ['nobody could look into is never warned', { now: 30 * hour, look: 'unknown' }, { act: 'leave' }],
    ['warned is left until it was told to be stopped', { now: 11.9 * hour, warned }, { act: 'leave' }],
    ['warned and idle still is stopped', { now: 12 * hour, warned }, { act: 'stop' }],
    ['warned is looked into before it is stopped', { now: 12 * hour, warned, look: undefined }, { act: 'look' }],
    ['warned is not stopped where nobody could look', { now: 20 * hour, warned, look: 'unknown' }, { act: 'leave' }],
    ['warned and used since is not warned any more', { now: 12 * hour, usedAt: hour, warned }, { act: 'unwarn' }],
    ['warned and exempt now is not warned any more', { now: 12 * hour, warned, isExempt: true }, { act: 'unwarn' }],
    ['exempt is left alone for ever', { now: 900 * hour, isExempt: true }, { act: 'leave' }],
  ])('%s', (_, more, verdict) => {
    expect(judge(standing(more), policy)).toEqual(verdict)
  })

  test('warned under a shorter policy is not stopped by it', () => {
    expect(judge(standing({ now: 13 * hour, warned }), { afterMs: 48 * hour, warningMs: hour })).toEqual({ act: 'unwarn' })
  })
})

test.each([
  ['where nobody ever looked', undefined, true],
  ['where nobody looked for a quarter of the time', 0, true],
  ['not after a restart', 2.5 * hour, false],
])('what came before is not known %s', (_, last, isNew) => {
  expect(isUnwatched(last, 3.5 * hour, policy)).toBe(isNew)
})
