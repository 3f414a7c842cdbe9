import { expect, test } from '@jest/globals'
import { FilePath } from '@karvdash/common'
import { freeName } from './free-name.ts'

test.each([
  ['data/table.csv', 'data/table (2).csv'],
  ['a.tar.gz', 'a.tar (2).gz'],
  ['.profile', '.profile (2)'],
  ['plain', 'plain (2)'],
])('%s becomes %s', (path, free) => {
  expect(freeName(FilePath.parse(path), 2)).toBe(free)
})
