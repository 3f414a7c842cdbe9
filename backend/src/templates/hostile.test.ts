import { describe, expect, test } from '@jest/globals'
import { checkValues, Problem } from '@karvdash/common'
import { hostileText, printedObjects, printingTemplate, randomFrom } from './hostile-values.ts'
import { parseTemplate } from './parse.ts'
import { samplePlatform } from './platform.ts'
import { render } from './render.ts'

const objectsOf = (values: { one: string; two: string }) => render(printingTemplate, values, samplePlatform).objects

describe('whatever the values are, they are in their places and nothing else changes', () => {
  test.each([1, 2, 3, 4, 5])('(a thousand pairs of values, seed %d)', (seed) => {
    const random = randomFrom(seed)
    for (let round = 0; round < 1000; round++) {
      const values = { one: hostileText(random), two: hostileText(random) }
      expect(objectsOf(values)).toStrictEqual(printedObjects(values))
    }
  })

  test('(a value of 100,000 characters)', () => {
    const values = { one: '"\n- {{'.repeat(17_000), two: 'x' }
    expect(objectsOf(values)).toStrictEqual(printedObjects(values))
  })

  test('(a value of a mebibyte, where it is printed once; where it would be printed often, it is refused)', () => {
    const one = '"\n---\n- {{'.repeat(1024 * 103)
    const once = parseTemplate(
      'apiVersion: karvdash.io/v1\nkind: Template\nid: x\nname: X\ndescription: X.\nvariables: [{name: one, label: One, type: text}]\n---\napiVersion: v1\nkind: A\nmetadata: {name: x}\na: |\n  {{one}}\n',
    )
    expect(render(once, { one }, samplePlatform).objects).toEqual([expect.objectContaining({ kind: 'A', a: `${one}\n` })])
    expect(() => objectsOf({ one, two: 'x' })).toThrow(/too large/)
  })

  test('(what the form model lets pass of them, and nothing that it does not)', () => {
    const random = randomFrom(6)
    let passed = 0
    for (let round = 0; round < 1000; round++) {
      const given = { one: hostileText(random), two: hostileText(random) }
      const { values, errors } = checkValues(printingTemplate.description, given)
      if (errors) continue
      passed += 1
      expect(values).toEqual(given)
      expect(given.one).toMatch(/^\P{Cc}*$/u)
      expect(given.two.replace(/[\n\t]/g, '')).toMatch(/^\P{Cc}*$/u)
      expect(objectsOf(given)).toStrictEqual(printedObjects(given))
    }
    expect(passed).toBeGreaterThan(50)
  })
})

const description = 'apiVersion: karvdash.io/v1\nkind: Template\nid: x\nname: X\ndescription: X.\n'
const object = (name: string, more = '') => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${more}`

describe('a hostile text is refused with the line, before anything is made of it:', () => {
  test.each([
    ['an alias that refers to what it stands in', object('x', 'data: &a {b: [*a]}'), /^Line 7\b.*refers to what it stands in/],
    ['a bomb of aliases', object('x', bomb(9)), /^Line \d+.*too large|^Line \d+.*alias/],
    ['a thousand aliases', object('x', `a: &a x\nb: [${'*a, '.repeat(1000)}]`), /^Line \d+.*alias/i],
    ['a key that is there twice', object('x', 'data:\n  a: 1\n  a: 2'), /^Line 12, column 3: .*duplicated mapping key/i],
    ['a key that is there twice in the description', `---\nkind: Template\nkind: Template\n`, /^Line \d+/],
    ['a tab that indents', object('x', 'data:\n\ta: 1'), /^Line 11\b.*tab/i],
    [
      '5,000 documents',
      Array.from({ length: 5000 }, (_, index) => `---\napiVersion: v1\nkind: A\nmetadata: {name: x${index}}\n`).join(''),
      /^Line 407: .*at most 100 objects/,
    ],
    ['5,000 empty documents and then some', `${'---\n'.repeat(5000)}${object('x', 'metadata: {name: y}')}`, /^Line 50\d\d/],
    ['what is nested a thousand deep', object('x', `a: ${'['.repeat(1000)}`), /^Line \d+/],
    ['a number that cannot be kept', object('x', 'a: 123456789012345678901234567890'), /^Line \d+.*exactly/],
    ['the key __proto__', object('x', '"__proto__": {a: 1}'), /^Line \d+.*__proto__/],
    ['a tag that makes objects', object('x', 'a: !!js/function "x"'), /^Line \d+/],
    ['a byte that is no text', object('x', 'a: \0'), /^Line \d+/],
  ])('%s', (_, documents, expected) => {
    expect(refusal(description + documents)).toMatch(expected)
  })
})

/** Lists of aliases of lists of aliases: 8 to the power of the depth, once written out. */
function bomb(depth: number): string {
  const lists = Array.from({ length: depth }, (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(8)}]`)
  return ['a0: &a0 [x]', ...lists].join('\n')
}

function refusal(source: string): string {
  try {
    parseTemplate(source)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return error.errors?.[0]?.detail ?? ''
  }
}
