import { expect, test } from '@jest/globals'
import { offsetOf } from './text-editor.ts'

test.each([
  [1, 1, 0],
  [2, 1, 3],
  [2, 2, 4],
  [2, 99, 6],
  [3, 1, 7],
  [99, 9, 7],
])('line %i, column %i of a text', (line, column, offset) => {
  expect(offsetOf('ab\ncde\n', { line, column })).toBe(offset)
})
