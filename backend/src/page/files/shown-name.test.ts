import { expect, test } from '@jest/globals'
import { shownName } from './shown-name.ts'

test.each([
  ['plain.txt', 'plain.txt'],
  ['<b>bold</b>', '<b>bold</b>'],
  ['line\nbreak', 'line\u2039U+000A\u203abreak'],
  ['photo\u202egnp.exe', 'photo\u2039U+202E\u203agnp.exe'],
  ['no\u200bwidth\ufeff', 'no\u2039U+200B\u203awidth\u2039U+FEFF\u203a'],
  ['caf\uefe9', 'caf\u2039E9\u203a'],
  ['\u007f\u0085', '\u2039U+007F\u203a\u2039U+0085\u203a'],
  ['\u{1F468}\u200d\u{1F469}', '\u{1F468}\u200d\u{1F469}'],
  ['שלום', 'שלום'],
])('%j is shown as %j', (name, shown) => {
  expect(shownName(name)).toBe(shown)
})
