import { describe, expect, test } from '@jest/globals'
import { formatYaml, parseYamlDocuments, YamlError } from './yaml.ts'

function read(text: string): unknown {
  return parseYamlDocuments(text).map((document) => document.value)
}

function errorOf(text: string, options = {}): unknown {
  try {
    return parseYamlDocuments(text, options)
  } catch (error) {
    return error
  }
}

describe('YAML is read as kubectl reads it', () => {
  test.each([
    ['0644', 420],
    ['0x1F', 31],
    ['1_000', 1000],
    ['22:22', '22:22'],
    ['1e3', 1000],
    ['1.50', 1.5],
    ['yes', true],
    ['n', false],
    ['0o17', 15],
    ['0b11', 3],
    ['Off', false],
    ['true', true],
    ['"yes"', 'yes'],
    ['~', null],
    ['2026-01-01', '2026-01-01'],
    ['"0644"', '0644'],
    ['08', 8],
  ])('%s', (text, value) => {
    expect(read(`a: ${text}`)).toEqual([{ a: value }])
  })

  test('merge keys are merged', () => {
    expect(read('base: &b {k: 1, l: 2}\nmore: {<<: *b, l: 3}')).toEqual([{ base: { k: 1, l: 2 }, more: { k: 1, l: 3 } }])
  })

  test('every key is a string', () => {
    expect(read('1: a\nyes: b')).toEqual([{ '1': 'a', true: 'b' }])
  })

  test('an empty text holds no document, an empty document holds null, and each says where it begins', () => {
    expect(parseYamlDocuments('')).toEqual([])
    const documents = parseYamlDocuments('# no\n---\n\na: 1\n---\n---\n- x\n')
    expect(documents.map(({ value, line }) => ({ value, line }))).toEqual([
      { value: { a: 1 }, line: 4 },
      { value: null, line: expect.any(Number) },
      { value: ['x'], line: 7 },
    ])
  })

  test('aliases are copies: changing one place changes no other', () => {
    const [document] = parseYamlDocuments('a: &x {k: 1}\nb: *x')
    expect(document?.value).toEqual({ a: { k: 1 }, b: { k: 1 } })
    const { a, b } = Object(document?.value)
    expect(a).not.toBe(b)
  })
})

describe('YAML is refused, with line and column,', () => {
  test.each([
    ['a key twice', 'a: 1\nb: 2\na: 3', 3, 1],
    ['one key plain and quoted', '1: a\n"1": b', 2, 2],
    ['the key __proto__', 'a:\n  __proto__: {x: 1}', 2, 3],
    ['a tab for indentation', 'a:\n\tb: 1', 2, 1],
    ['an unknown tag', 'a: !!js/function "x"', 1, 4],
    ['an alias of nothing', 'a: *x', 1, 5],
    ['a broken quote', 'a: "x', 1, 6],
    ['a whole number that a double cannot keep', 'a: 9007199254740993', 1, undefined],
    ['infinity', 'a: .inf', 1, undefined],
    ['a NUL', 'a: \0', 1, 4],
  ])('for %s', (_, text, line, column) => {
    expect(errorOf(text)).toMatchObject({ name: 'YamlError', line, column })
  })

  test.each([
    [
      'billion laughs',
      `a0: &a0 [x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(8)}]`).join('\n')}`,
      'too large',
    ],
    ['a hundred copies of a long text', `a: &a "${'x'.repeat(100_000)}"\nb: [${'*a,'.repeat(90)}]`, 'too large'],
    ['101 aliases', `a: &a 1\nb: [${'*a,'.repeat(101)}]`, 'aliases'],
    ['an alias of itself', 'a: &a [*a]', 'refers to what it stands in'],
    ['a mapping in itself', '&a {b: {c: *a}}', 'refers to what it stands in'],
    ['51 levels', '['.repeat(51) + ']'.repeat(51), 'nesting'],
    [
      'levels stacked by aliases',
      `a: &a0 ${deep('x')}\n${[1, 2, 3, 4, 5].map((i) => `b${i}: &a${i} ${deep(`*a${i - 1}`)}`).join('\n')}`,
      'too large',
    ],
    ['more than a mebibyte', 'x'.repeat(1024 * 1024 + 1), 'bytes'],
  ])('for %s', (_, text, reason) => {
    const error = errorOf(text)
    expect(error).toBeInstanceOf(YamlError)
    expect(String(error)).toContain(reason)
  })
})

test('the key constructor is a key like any other', () => {
  expect(read('constructor: {prototype: {x: 1}}')).toEqual([{ constructor: { prototype: { x: 1 } } }])
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
})

describe('what is written as YAML', () => {
  test.each([
    [
      {
        a: ['yes', '0644', '22:22', 'a: b', '# c', '', ' x', 'line\nline\n', '\u2028', null, 1, true, '<<', '1e3', '2026-01-01'],
      },
    ],
    [{}],
    [[]],
    ['x'],
  ])('is read back the same: %j', (value) => {
    expect(read(formatYaml(value))).toEqual([value])
  })
})

function deep(inner: string): string {
  return '['.repeat(45) + inner + ']'.repeat(45)
}
