import { describe, expect, test } from '@jest/globals'
import { matchesPattern, patternFault } from './pattern.ts'

describe('a pattern', () => {
  test.each([
    '',
    'abc',
    '[a-z]+',
    '[a-z]([a-z0-9-]*[a-z0-9])?',
    '\\d{1,3}',
    '(a|b|c){2}',
    '(?:ab)*',
    '[^@]+@[^@]+',
    'a\\.b',
    '^x$',
  ])('%j is fine', (pattern) => {
    expect(patternFault(pattern, 1000)).toBeUndefined()
  })

  test.each([
    ['nested repetition', '(a+)+'],
    ['repeated alternatives', '(a|a)*'],
    ['many optional characters', `${'a?'.repeat(40)}${'a'.repeat(40)}`],
    ['many repetitions in a row', 'a*a*a*a*a*a*b'],
    ['nested counted repetition', '((a{1,9}){1,9}){1,9}'],
  ])('that could take very long is refused: %s', (_, pattern) => {
    expect(patternFault(pattern, 1000)).toMatch('very long')
  })

  test.each(['(', '[', 'a**', '+', '{', '\\'])('that does not compile is refused: %j', (pattern) => {
    expect(patternFault(pattern, 1000)).toBe('This is not a regular expression.')
  })

  test.each(['(?=a)', '(?<!a)b', '(?<n>a)', '(a)\\1', '\\p{L}', '\\u0041', 'a)|(?:b', 'a)(b'])(
    'beyond the plain parts is refused: %j',
    (pattern) => {
      expect(patternFault(pattern, 1000)).toMatch('nothing else')
    },
  )

  test('may repeat more where texts are short', () => {
    expect(patternFault('[a-z]+@[a-z]+\\.[a-z]+', 1000)).toMatch('very long')
    expect(patternFault('[a-z]+@[a-z]+\\.[a-z]+', 100)).toBeUndefined()
  })

  test('has at most 200 characters', () => {
    expect(patternFault('a'.repeat(201), 1000)).toMatch('200 characters')
  })

  test('must match the whole text', () => {
    expect(matchesPattern('a|b', 'ab')).toBe(false)
    expect(matchesPattern('a|b', 'b')).toBe(true)
    expect(matchesPattern('a', 'a\n')).toBe(false)
  })

  test('that passes answers quickly for the worst text', () => {
    const started = performance.now()
    matchesPattern('[a-z]*[a-z]*!', 'a'.repeat(1000))
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
