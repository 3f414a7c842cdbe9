import { describe, expect, test } from '@jest/globals'
import { Problem, type Value } from '@karvdash/common'
import Handlebars from 'handlebars'
import { evaluate } from './evaluate.ts'
import { readExpressions } from './expressions.ts'

const scope = new Map<string, Value>([
  ['size', 3],
  ['on', true],
  ['off', false],
  ['text', 'words'],
  ['empty', ''],
  ['limit', '2Gi'],
  ['service.name', 'hello'],
])
const known = { values: new Set(scope.keys()), structures: new Set(['size.resources']) }

function printed(source: string): string {
  return evaluate(readExpressions(source, known), { scope, print: String }).text
}

/** The details of the Problem that a text is refused with. */
function refusals(source: string): string[] {
  try {
    evaluate(readExpressions(source, known), { scope, print: String })
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return (error.errors ?? []).map(({ detail }) => detail)
  }
}

describe('expressions print', () => {
  test.each([
    ['{{text}} {{service.name}} {{size}} {{on}}', 'words hello 3 true'],
    ['{{#if on}}a{{else}}b{{/if}}{{#if off}}a{{else}}b{{/if}}', 'ab'],
    ['{{#if off}}a{{else if on}}b{{else}}c{{/if}}', 'b'],
    ['{{#unless off}}a{{/unless}}{{#unless on}}a{{else}}b{{/unless}}', 'ab'],
    ['{{#if empty}}a{{/if}}{{#if text}}b{{/if}}', 'b'],
    ['{{#if (eq text "words")}}a{{/if}}{{#if (ne size 3)}}b{{/if}}', 'a'],
    ['{{#if (and on (not off) (or off on))}}a{{/if}}', 'a'],
    ['{{#if (gt size 2)}}a{{/if}}{{#if (lt size 3)}}b{{/if}}{{#if (gte size 3)}}c{{/if}}{{#if (lte size 3)}}d{{/if}}', 'acd'],
    ['{{#if (gt limit "1024Mi")}}more{{/if}}', 'more'],
    ['{{#each (range size)}}{{this}}{{@index}}{{#if @first}}f{{/if}}{{#if @last}}l{{/if}} {{/each}}', '00f 11 22l '],
    ['{{#each (range 2)}}{{#each (range 2)}}{{this}}{{/each}}{{this}};{{/each}}', '010;011;'],
    ['{{#each (range 1)}}{{text}} {{../text}}{{/each}}', 'words words'],
    ['{{#each (range 0)}}a{{else}}none{{/each}}', 'none'],
    ['a{{! comment }}{{!-- {{raw}} --}}b', 'ab'],
    ['\\{{text}}', '{{text}}'],
    ['a{{!--}}b{{!-- --~}} c', 'abc'],
    ['a\\\\{{text}} \\{{{text}} \\{{{{text}}', 'a\\words {{{text}} {{words'],
    ['a\n{{#if on}}\nb\n{{/if}}\nc', 'a\nb\nc'],
    ['a {{~text~}} b', 'awordsb'],
  ])('%j as %j', (source, text) => {
    expect(printed(source)).toBe(text)
  })

  test.each([
    'a: {{text}}\n{{#if on}}\n  b: {{size}}\n  {{#unless off}}\n  c: d\n  {{/unless}}\n{{else}}\n  e\n{{/if}}\n\nf: g\n',
    '{{#if off}}\na\n{{else if on}}\n b\n{{~else~}}\nc\n{{/if}}\n{{! x }}\nend',
    'x {{#if on}} inline {{/if}} y\n  {{~#if on}}\n  z\n{{/if~}}\n\nq\\{{r}}',
  ])('what Handlebars itself prints: %j', (source) => {
    expect(printed(source)).toBe(Handlebars.compile(source, { noEscape: true })(Object.fromEntries(scope)))
  })
})

describe('expressions are refused, with line and column:', () => {
  test.each([
    ['raw output with three braces', 'a\n {{{text}}}', 'Line 2, column 2: Raw output'],
    ['raw output with an ampersand', '{{&text}}', 'Line 1, column 1: Raw output'],
    ['a partial', '{{> other}}', 'Partials'],
    ['a dynamic partial', '{{> (lookup . "x")}}', 'Partials'],
    ['a partial block', '{{#> layout}}x{{/layout}}', 'Partials'],
    ['an inline partial', '{{#*inline "x"}}y{{/inline}}', 'Inline partials'],
    ['a decorator', '{{* decorate}}', 'Decorators'],
    ['an unknown name', 'a: {{nothing}}', 'Line 1, column 6: There is no value "nothing"'],
    ['an unknown member', '{{service.secret}}', 'There is no value "service.secret"'],
    ['the whole of a group of values', '{{service}}', 'There is no value "service"'],
    ['constructor', '{{constructor}}', 'There is no value'],
    ['a path through constructor', '{{text.constructor.constructor}}', 'There is no value'],
    ['__proto__', '{{__proto__}}', 'There is no value'],
    ['__proto__ as a segment literal', '{{[__proto__]}}', 'cannot be read'],
    ['a segment literal', '{{service.[name]}}', 'cannot be read'],
    ['a path with slashes', '{{service/name}}', 'There is no value'],
    ['@root', '{{@root.text}}', 'There is no value "@root.text"'],
    ['@key', '{{#each (range 1)}}{{@key}}{{/each}}', 'There is no value "@key"'],
    ['@index of an outer loop', '{{#each (range 1)}}{{#each (range 1)}}{{@../index}}{{/each}}{{/each}}', 'There is no value'],
    ['this outside a loop', '{{this}}', 'may only stand inside #each'],
    ['@index outside a loop', '{{@index}}', 'may only stand inside #each'],
    ['a loop word in the else of a loop', '{{#each (range 1)}}{{else}}{{this}}{{/each}}', 'may only stand inside #each'],
    ['this.text', '{{#each (range 1)}}{{this.text}}{{/each}}', 'There is no value'],
    ['the context of the context', '{{#each (range 1)}}{{..}}{{/each}}', 'There is no value ".."'],
    ['lookup', '{{lookup this "text"}}', 'Only a name may be printed'],
    ['lookup as an argument', '{{#if (lookup this "text")}}{{/if}}', 'There is no helper "lookup"'],
    ['log', '{{log text}}', 'Only a name may be printed'],
    ['log as a block', '{{#log text}}{{/log}}', 'There is no block #log'],
    ['with', '{{#with text}}{{/with}}', 'There is no block #with'],
    ['a block on a variable', '{{#text}}{{/text}}', 'There is no block #text'],
    ['an inverted block on a variable', '{{^text}}{{/text}}', 'There is no block #text'],
    ['a raw block', '{{{{raw}}}} x {{{{/raw}}}}', 'Raw blocks'],
    ['an expression that is followed by a brace', '{a: {{text}}}', 'Line 1, column 5: A } follows'],
    ['a brace in a string', '{{#if (eq text "}}")}}{{/if}}', 'cannot be read'],
    ['a line break in a string', '{{#if (eq text "\n")}}{{/if}}', 'cannot be read'],
    ['a comment without an end', '{{! x', 'cannot be read'],
    ['an expression of 301 characters', `{{${' '.repeat(300)}text}}`, 'within 300 characters'],
    ['helperMissing', '{{#helperMissing text}}{{/helperMissing}}', 'There is no block #helperMissing'],
    ['a helper that is printed', '{{eq text text}}', 'Only a name may be printed'],
    ['a literal that is printed', '{{"text"}}', 'Only a name may be printed'],
    ['a number that is printed', '{{1}}', 'Only a name may be printed'],
    ['a method of objects as a helper', '{{#if (toString text)}}{{/if}}', 'There is no helper "toString"'],
    ['hash arguments', '{{#if text includeZero=true}}{{/if}}', '#if takes one argument'],
    ['too many arguments', '{{#if (not text text)}}{{/if}}', 'not takes 1 argument.'],
    ['too few arguments', '{{#if (eq text)}}{{/if}}', 'eq takes 2 arguments'],
    ['null', '{{#if (eq text null)}}{{/if}}', 'null and undefined'],
    ['each over a variable', '{{#each text}}{{/each}}', '#each takes (range count)'],
    ['range outside each', '{{#if (range 3)}}{{/if}}', 'range may only stand in #each'],
    ['block parameters', '{{#each (range 2) as |i|}}{{/each}}', 'cannot be read'],
    ['21 blocks in one another', '{{#if on}}'.repeat(21) + '{{/if}}'.repeat(21), 'nested more than 20'],
    ['a broken expression', 'a\nb {{#if x}', 'Line 2'],
    ['a block that is not closed', 'a\n{{#if on}}\n', 'cannot be read'],
    ['a block closed by another name', '{{#if on}}\n{{/each}}', "doesn't match"],
  ])('%s', (_, source, expected) => {
    expect(refusals(source).join('\n').toLowerCase()).toContain(expected.toLowerCase())
  })

  test('all of them at once', () => {
    expect(refusals('{{a}}\n{{& text}}\n {{> p}}')).toEqual([
      expect.stringContaining('Line 1, column 3'),
      expect.stringContaining('Line 2, column 1'),
      expect.stringContaining('Line 3, column 2'),
    ])
  })

  test.each([
    ['blocks in one another', '{{#if on}}'.repeat(12_000) + '{{/if}}'.repeat(12_000)],
    ['brackets in one another', `{{#if ${'(not '.repeat(25_000)}on${')'.repeat(25_000)}}}{{/if}}`],
    ['brackets in one another, hidden by strings', `{{#if ${'(not "}}" '.repeat(20_000)}`],
    ['brackets in one another, behind an escape', `\\{{ " {{#if ${'(not '.repeat(25_000)}" }}`],
    ['brackets in one another, between ends of comments', `{{!--}}{{#if ${'(not '.repeat(25_000)}on --}}`],
    ['else if after spaces', `{{#if on}}${'{{ else if on}}'.repeat(1900)}{{/if}}`],
    ['else if', `{{#if on}}${'{{else if on}}'.repeat(16_000)}{{/if}}`],
    ['expressions', '{{on}}'.repeat(40_000)],
    ['comments that do not end', '{{!--'.repeat(50_000)],
    ['braces', '{'.repeat(250_000)],
  ])('thousands of %s, within a second', (_, source) => {
    const started = performance.now()
    expect(refusals(source)).not.toEqual([])
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('rendering stops', () => {
  test.each([
    ['where a range is longer than 100', '{{#each (range 101)}}{{/each}}', 'Line 1: range takes a whole number from 0 to 100.'],
    ['where a range is no number', '\n{{#each (range text)}}{{/each}}', 'Line 2: range takes'],
    ['where a text is compared with a number', '{{#if (gt text 1)}}{{/if}}', 'Only two numbers or two quantities'],
    ['where loops in loops print too much', `${'{{#each (range 100)}}'.repeat(5)}x${'{{/each}}'.repeat(5)}`, 'prints too much'],
    [
      'where a loop repeats a long text',
      `{{#each (range 100)}}{{#each (range 100)}}${'x'.repeat(10_000)}{{/each}}{{/each}}`,
      'prints too much',
    ],
  ])('%s', (_, source, expected) => {
    expect(refusals(source).join()).toContain(expected)
  })
})

test('each line that is printed knows the line of the template it comes from', () => {
  const source = 'a\n{{#if on}}\nb\n{{/if}}\n{{#each (range 2)}}\nc {{text}}\nd\n{{/each}}\ne'
  const { text, lines } = evaluate(readExpressions(source, known), { scope, print: String })
  expect(text.split('\n').map((line, index) => [line, lines[index]])).toEqual([
    ['a', 1],
    ['b', 3],
    ['c words', 6],
    ['d', 7],
    ['c words', 6],
    ['d', 7],
    ['e', 9],
  ])
})
