import { describe, expect, test } from '@jest/globals'
import { shownLine } from './log-text.ts'

describe('a line of a log', () => {
  test.each([
    ['plain\ttext', 'plain\ttext'],
    ['\u001b[1;31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007rest', 'rest'],
    ['\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['progress 100%\r', 'progress 100%'],
  ])('is read without what is meant for a terminal: %j', (text, shown) => {
    expect(shownLine(text)).toBe(shown)
  })

  test.each([
    ['a\u202eb', 'a‹U+202E›b'],
    ['a\u0000b', 'a‹U+0000›b'],
    ['\u001b[', '‹U+001B›['],
    ['10%\r20%', '10%‹U+000D›20%'],
  ])('attack: what could not be seen is written out: %j', (text, shown) => {
    expect(shownLine(text)).toBe(shown)
  })
})
