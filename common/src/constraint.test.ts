import { describe, expect, test } from '@jest/globals'
import { checkValues } from './form.ts'
import { TemplateDescription } from './template.ts'

const variables = [
  { name: 'least', type: 'number', label: 'Least', required: false },
  { name: 'most', type: 'number', label: 'Most', default: 5 },
  { name: 'asked', type: 'quantity', label: 'Asked', default: '1Gi' },
  { name: 'bound', type: 'quantity', label: 'Bound', default: '1024Mi' },
  { name: 'word', type: 'password', label: 'Word', required: false },
  { name: 'again', type: 'password', label: 'Again', required: false },
  { name: 'extra', type: 'boolean', label: 'Extra' },
  { name: 'more', type: 'number', label: 'More', default: 9, when: { variable: 'extra', equals: true } },
]
const message = 'That does not go together.'
const asking = (constraint: object) =>
  TemplateDescription.safeParse({
    id: 'x',
    name: 'X',
    description: 'X.',
    variables,
    constraints: [{ message, ...constraint }],
  })
/** Where the constraint is told to be broken, for these values. */
function broken(constraint: object, values: object): string[] {
  const { data = { variables: [] } } = asking(constraint)
  return (checkValues(data, values).errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`)
}

describe('a constraint', () => {
  test('is told at its left variable, in its own words', () => {
    expect(broken({ left: 'least', operator: 'lte', right: 'most' }, { least: 6 })).toEqual([`/values/least ${message}`])
    expect(broken({ left: 'least', operator: 'lte', right: 'most' }, { least: 5 })).toEqual([])
  })

  test.each([
    ['lt', 4, true],
    ['lt', 5, false],
    ['gt', 6, true],
    ['gt', 5, false],
    ['gte', 5, true],
    ['eq', 5, true],
    ['eq', 4, false],
    ['ne', 5, false],
  ])('%s of %d and 5', (operator, least, holds) => {
    expect(broken({ left: 'least', operator, right: 'most' }, { least })).toHaveLength(holds ? 0 : 1)
  })

  test('compares quantities by what they amount to', () => {
    expect(broken({ left: 'asked', operator: 'eq', right: 'bound' }, {})).toEqual([])
    expect(broken({ left: 'asked', operator: 'lt', right: { value: '2G' } }, { asked: '2Gi' })).toHaveLength(1)
    expect(broken({ left: 'asked', operator: 'lte', right: { value: 2 } }, { asked: '2' })).toEqual([])
  })

  test('compares texts, passwords too, without repeating them', () => {
    const same = { left: 'again', operator: 'eq', right: 'word' }
    expect(broken(same, { word: 'secret', again: 'secret' })).toEqual([])
    expect(broken(same, { word: 'secret', again: 'other' })).toEqual([`/values/again ${message}`])
  })

  test('holds where one of its variables was not asked for, was left empty, or is wrong already', () => {
    expect(broken({ left: 'more', operator: 'lt', right: 'most' }, { more: 9 })).toEqual([])
    expect(broken({ left: 'more', operator: 'lt', right: 'most' }, { extra: true })).toHaveLength(1)
    expect(broken({ left: 'least', operator: 'gt', right: 'most' }, {})).toEqual([])
    expect(broken({ left: 'least', operator: 'gt', right: 'most' }, { most: 'x', least: 1 })).toEqual([
      expect.stringMatching(/^\/values\/most Most must be/),
    ])
  })

  test.each([
    ['a variable that is not there', { left: 'none', operator: 'eq', right: 'most' }, 'no variable "none"'],
    ['the name constructor', { left: 'constructor', operator: 'eq', right: 'most' }, 'no variable "constructor"'],
    ['a name for a value', { left: 'most', operator: 'eq', right: 'five' }, 'no variable "five"'],
    ['a number and a quantity', { left: 'most', operator: 'lt', right: 'asked' }, 'a number, and'],
    ['a quantity and what is none', { left: 'asked', operator: 'lt', right: { value: 'lots' } }, 'a quantity, and'],
    ['the order of texts', { left: 'word', operator: 'lt', right: 'again' }, 'numbers and quantities alone'],
    ['another operator', { left: 'most', operator: 'matches', right: 'least' }, ''],
    ['no message', { left: 'most', operator: 'eq', right: 'least', message: '' }, ''],
  ])('is refused with %s', (_, constraint, expected) => {
    const { success, error } = asking(constraint)
    expect(success).toBe(false)
    expect(error?.issues.map((issue) => issue.message).join('\n')).toContain(expected)
  })
})
