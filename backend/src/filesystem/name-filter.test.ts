import { expect, test } from '@jest/globals'
import { nameFilter } from './name-filter.ts'

const matches = (filter: string, name: string) => nameFilter({ filter })?.(name)

test.each([
  ['csv', 'Table.CSV', true],
  ['csv', 'table.txt', false],
  ['*.csv', 'a.csv', true],
  ['*.csv', 'a.csv.gz', false],
  ['a*', 'Abc', true],
  ['a*', 'bac', false],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'acb', false],
  ['*ab*ab*', 'xab', false],
  ['*ab*ab*', 'xabyab', true],
  ['ab*ba', 'aba', false],
  ['?.txt', 'a.txt', true],
  ['?.txt', 'ab.txt', false],
  ['*?b', 'ab', true],
  ['*?b', 'b', false],
  ['*b?d*', 'abcde', true],
  ['**', '', true],
  ['[a-z].(txt)', '[A-Z].(TXT)', true],
  ['\u00e9', 'e\u0301t\u00e9', true],
])('%j against %j: %j', (filter, name, expected) => {
  expect(matches(filter, name)).toBe(expected)
})

test('hidden names are left out only when asked', () => {
  expect(nameFilter({})).toBeUndefined()
  expect(nameFilter({ hidden: false })?.('.bashrc')).toBe(false)
  expect(nameFilter({ hidden: false })?.('a.b')).toBe(true)
})
