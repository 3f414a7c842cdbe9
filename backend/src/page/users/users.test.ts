import { describe, expect, test } from '@jest/globals'
import type { User } from '@karvdash/common'
import { lossWords, sizeWords } from './sizes.ts'
import { isMatch, standingOf } from './standing.ts'

const alice: User = {
  name: 'alice',
  displayName: 'Alice Liddell',
  email: 'al@example.org',
  role: 'user',
  active: true,
  namespace: 'karvdash-alice',
  ready: true,
  createdAt: '2026-01-01T00:00:00Z',
}

test.each([
  [{}, 'active'],
  [{ active: false }, 'deactivated'],
  [{ active: false, namespace: undefined }, 'waiting'],
  [{ active: false, leaving: true }, 'leaving'],
] as const)('a user with %j is %s', (more, standing) => {
  const { namespace, ...rest } = { ...alice, ...more }
  expect(standingOf({ ...rest, ...(namespace !== undefined && { namespace }) })).toBe(standing)
})

test.each([
  ['', true],
  [' LIDD ', true],
  ['al@', true],
  ['bob', false],
])('searching for %j finds alice: %s', (search, isFound) => {
  expect(isMatch(alice, search)).toBe(isFound)
})

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [1_550_000, '1.6 MB'],
  [5_000_000_000, '5 GB'],
  [2e18, '2,000 PB'],
])('%d bytes are %s', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words)
})

describe('what goes with a user', () => {
  test('is told with names and sizes, and says where not all was counted', () => {
    const files = [
      { domain: 'local', entries: 2, bytes: 1000, isComplete: true },
      { domain: 'remote', entries: 100_000, bytes: 7e9, isComplete: false },
    ]
    expect(lossWords({ services: ['hello', 'lab'], claims: ['data'], tokens: 1, files })).toEqual([
      '2 services: hello, lab',
      '1 volume: data',
      '1 token',
      '1 kB in 2 files and folders in /local',
      'At least 7 GB in 100000 files and folders in /remote',
    ])
  })

  test('may be nothing', () => {
    const files = [{ domain: 'local', entries: 0, bytes: 0, isComplete: true }]
    expect(lossWords({ services: [], claims: [], tokens: 0, files })).toEqual([
      'No services',
      'No volumes',
      'No tokens',
      'Nothing in /local',
    ])
  })
})
