import { describe, expect, test } from '@jest/globals'
import { checkValues, formFields, parseInput } from './form.ts'
import { TemplateDescription } from './template.ts'
import type { Variable } from './variable.ts'

/** A template with the given variables; each has the label `X`, and its type as its name, where it does not say otherwise. */
function asking(...variables: Record<string, unknown>[]): { variables: Variable[] } {
  const complete = variables.map((variable) => ({ label: 'X', name: `${variable['type']}`, ...variable }))
  return TemplateDescription.parse({ id: 'x', name: 'X', description: 'X.', variables: complete })
}

/** The only error of one variable's value. */
function fault(variable: Record<string, unknown>, value: unknown): string | undefined {
  const template = asking({ name: 'x', ...variable })
  return checkValues(template, { x: value })
    .errors?.map((error) => error.detail)
    .join('|')
}

describe('the fields of a form', () => {
  test('carry everything a surface needs to draw them', () => {
    const template = asking(
      { type: 'number', label: 'Replicas', min: 1, max: 3, integer: true, default: 1, help: 'How many.', group: 'Size' },
      { type: 'choice', choices: ['a', { value: 'b', label: 'Bee' }], advanced: true },
      { type: 'password', generate: true },
    )
    expect(formFields(template)).toEqual([
      {
        name: 'number',
        label: 'Replicas',
        help: 'How many.',
        hint: 'a whole number from 1 to 3',
        control: 'number',
        default: 1,
        limits: { min: 1, max: 3, integer: true },
        required: false,
        generated: false,
        advanced: false,
        group: 'Size',
      },
      {
        name: 'choice',
        label: 'X',
        hint: 'one of a, b',
        control: 'select',
        choices: [
          { value: 'a', label: 'a' },
          { value: 'b', label: 'Bee' },
        ],
        limits: {},
        required: true,
        generated: false,
        advanced: true,
      },
      expect.objectContaining({ name: 'password', control: 'password', required: false, generated: true }),
    ])
  })
})

describe('checking values', () => {
  test('fills in defaults, false for a boolean without one, and null for what is optional', () => {
    const template = asking(
      { type: 'string', default: 'hi' },
      { type: 'boolean' },
      { type: 'number', required: false },
      { type: 'password', generate: true },
    )
    expect(checkValues(template, {})).toEqual({ values: { string: 'hi', boolean: false, number: null, password: null } })
  })

  test('takes null for "left empty"', () => {
    expect(checkValues(asking({ type: 'string', default: 'hi' }), { string: null })).toEqual({ values: { string: 'hi' } })
  })

  test('keeps an empty text where a person cleared an optional field', () => {
    expect(checkValues(asking({ type: 'string', default: 'hi' }), { string: '' })).toEqual({ values: { string: '' } })
  })

  test('keeps values of the right type as they are', () => {
    const template = asking(
      { type: 'string' },
      { type: 'text' },
      { type: 'number' },
      { type: 'boolean' },
      { type: 'quantity' },
      { type: 'entry' },
      { type: 'image' },
    )
    const values = {
      string: 'a: "b" {{c}} \u2028',
      text: 'one\n\ttwo: {{three}}\n---\n',
      number: 0.5,
      boolean: true,
      quantity: '1.5Gi',
      entry: '/local/a b',
      image: 'quay.io/x/y:1',
    }
    expect(checkValues(template, values)).toEqual({ values })
  })

  test('tells every error at once, each with its pointer', () => {
    const { errors } = checkValues(asking({ type: 'string' }, { type: 'number', label: 'Replicas' }), {
      number: 'many',
      'a/b~c': 1,
    })
    expect(errors?.map(({ name, pointer }) => [name, pointer])).toEqual([
      ['a/b~c', '/values/a~1b~0c'],
      ['string', '/values/string'],
      ['number', '/values/number'],
    ])
  })

  test.each([null, undefined, 1, 'x', [], [1]])('refuses %j in place of an object', (values) => {
    expect(checkValues(asking({ type: 'boolean' }), values).errors?.[0]?.pointer).toBe('/values')
  })

  test('refuses the names __proto__ and constructor like any unknown one', () => {
    const values: unknown = JSON.parse('{"__proto__": {"boolean": true}, "constructor": 1}')
    expect(checkValues(asking({ type: 'boolean' }), values).errors?.map((error) => error.name)).toEqual([
      '__proto__',
      'constructor',
    ])
  })

  test('does not read values from a prototype', () => {
    expect(checkValues(asking({ type: 'boolean' }), Object.create({ boolean: true }))).toEqual({ values: { boolean: false } })
  })
})

describe('an error', () => {
  test('names the field, what is wrong and what is allowed', () => {
    const replicas = { type: 'number', label: 'Replicas', min: 1, max: 3, integer: true }
    expect(fault(replicas, 4)).toBe('Replicas must be a whole number from 1 to 3; 4 is not.')
    expect(fault({ type: 'quantity', label: 'Memory', min: '256Mi', max: '64Gi' }, 'lots')).toBe(
      'Memory must be an amount such as 500m, 2 or 4Gi from 256Mi to 64Gi; "lots" is not.',
    )
    expect(fault(replicas, undefined)).toBe('Replicas is needed: it must be a whole number from 1 to 3.')
  })

  test('never repeats a password', () => {
    expect(fault({ type: 'password', minLength: 12 }, 'hunter2')).not.toContain('hunter2')
  })

  test('repeats no more than the beginning of a long text', () => {
    expect(fault({ type: 'string' }, 'a'.repeat(1001))?.length).toBeLessThan(150)
  })

  test.each([
    ['string', {}, 1],
    ['string', {}, ['a']],
    ['string', {}, {}],
    ['string', {}, ''],
    ['string', {}, 'a\nb'],
    ['string', {}, 'a\0b'],
    ['string', {}, 'a\u0085b'],
    ['string', {}, '\ud800'],
    ['text', {}, 'a\rb'],
    ['text', {}, 'a\0b'],
    ['text', {}, '\ud800'],
    ['text', {}, 'a'.repeat(10_001)],
    ['text', { maxLength: 2 }, 'a\nb'],
    ['string', { minLength: 2 }, 'a'],
    ['string', { maxLength: 2 }, 'abc'],
    ['string', { pattern: '[a-z]+' }, 'aB'],
    ['number', {}, '1'],
    ['number', {}, Number.NaN],
    ['number', {}, Number.POSITIVE_INFINITY],
    ['number', {}, 1e300],
    ['number', { min: 0 }, -1],
    ['number', { integer: true }, 1.5],
    ['boolean', {}, 'true'],
    ['boolean', {}, 0],
    ['choice', { choices: ['a'] }, 'b'],
    ['quantity', {}, '-1'],
    ['quantity', {}, 2],
    ['quantity', { min: '1Gi' }, '1023Mi'],
    ['quantity', { max: '1Gi' }, '1025Mi'],
    ['password', { minLength: 8 }, 'short'],
    ['entry', {}, '/home/x'],
    ['entry', {}, 'local/x'],
    ['entry', {}, '/local/../shared'],
    ['entry', {}, '/local//x'],
    ['entry', {}, '/local/.'],
    ['entry', { domains: ['local'] }, '/shared/x'],
    ['image', {}, 'a b'],
    ['image', {}, 'a@sha256:1'],
    ['image', {}, 'a:b:c'],
    ['image', {}, 'a//b'],
    ['image', {}, '../a'],
    ['image', {}, `a${'/a'.repeat(300)}`],
  ])('meets a %s %j of %j', (type, limits, value) => {
    expect(fault({ type, ...limits }, value)).toMatch(/^X (must|is needed)/)
  })

  test.each([
    'debian',
    'debian:12',
    'docker.io/library/debian:bookworm',
    'localhost:5000/a/b-c_d:1.0',
    `a@sha256:${'0'.repeat(64)}`,
  ])('does not meet the image %s', (image) => {
    expect(fault({ type: 'image' }, image)).toBeUndefined()
  })

  test.each(['/local', '/local/a b/ä.txt', '/shared/x'])('does not meet the entry %s', (entry) => {
    expect(fault({ type: 'entry' }, entry)).toBeUndefined()
  })
})

describe('what a person typed', () => {
  test.each([
    ['text', ' as it is ', ' as it is '],
    ['text', '', ''],
    ['textarea', ' a\r\n\tb\n', ' a\n\tb\n'],
    ['number', ' 3 ', 3],
    ['number', '1.5', 1.5],
    ['number', '', null],
    ['number', 'three', 'three'],
    ['number', 'Infinity', 'Infinity'],
    ['switch', 'Yes', true],
    ['switch', 'off', false],
    ['switch', 'perhaps', 'perhaps'],
    ['quantity', ' 2Gi ', '2Gi'],
    ['select', '', null],
    ['password', ' spaces kept ', ' spaces kept '],
  ] as const)('in a %s field: %j becomes %j', (control, text, value) => {
    expect(parseInput({ control }, text)).toBe(value)
  })
})
