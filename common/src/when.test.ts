import { describe, expect, test } from '@jest/globals'
import { checkValues, formFields } from './form.ts'
import { launchValues, valuePointer } from './launch-form.ts'
import { TemplateDescription } from './template.ts'
import { askedFields } from './when.ts'

const template = TemplateDescription.parse({
  id: 'lab',
  name: 'Lab',
  description: 'A lab.',
  variables: [
    { name: 'mode', type: 'choice', label: 'Mode', choices: ['one', 'many', 'all'], default: 'one' },
    { name: 'count', type: 'number', label: 'Count', integer: true, when: { variable: 'mode', equals: ['many', 'all'] } },
    { name: 'spread', type: 'boolean', label: 'Spread', when: { variable: 'count', equals: 3 } },
    { name: 'gap', type: 'number', label: 'Gap', min: 1, when: { variable: 'spread', equals: true } },
  ],
})

describe('a variable with a condition', () => {
  test('is asked where it holds', () => {
    expect(checkValues(template, { mode: 'many', count: 2 })).toEqual({
      values: { mode: 'many', count: 2, spread: null, gap: null },
    })
    expect(checkValues(template, { mode: 'many' }).errors?.map(({ name }) => name)).toEqual(['count'])
  })

  test('is null where it does not hold, whatever was given, and so is what hangs on it', () => {
    const values = { mode: 'one', count: 'nonsense', spread: true, gap: -1 }
    expect(checkValues(template, values)).toEqual({ values: { mode: 'one', count: null, spread: null, gap: null } })
  })

  test('is not told of where what it hangs on is wrong', () => {
    const errors = checkValues(template, { mode: 'none', count: 'nonsense' }).errors ?? []
    expect(errors.map(({ name }) => name)).toEqual(['mode'])
  })

  test('is shown in a form as what was entered comes and goes, and sent as far as it is shown', () => {
    const fields = formFields(template)
    const shown = (values: Record<string, string | number | boolean>) => askedFields(fields, values).map(({ name }) => name)
    expect(shown({})).toEqual(['mode'])
    expect(shown({ mode: 'all', count: 3, spread: true })).toEqual(['mode', 'count', 'spread', 'gap'])
    expect(shown({ mode: 'one', count: 3, spread: true })).toEqual(['mode'])
    const texts = new Map(
      [['mode', 'one'] as const, ['count', '3'] as const].map(([name, text]) => [valuePointer({ name }), text]),
    )
    expect(launchValues(fields, (pointer) => texts.get(pointer))).toEqual({ mode: 'one' })
  })

  test.each([
    ['nothing', { variable: 'nothing', equals: 1 }, 'no variable "nothing" before'],
    ['itself', { variable: 'late', equals: 1 }, 'no variable "late" before'],
    ['a value that cannot be', { variable: 'mode', equals: 'none' }, 'Mode must be'],
    ['a value of another type', { variable: 'count', equals: '3' }, 'Count must be'],
    ['no value', { variable: 'mode', equals: [] }, 'when'],
  ])('cannot hang on %s', (_, when, expected) => {
    const late = { name: 'late', type: 'number', label: 'Late', when }
    const checked = TemplateDescription.safeParse({ ...template, variables: [...template.variables, late] })
    expect(checked.error?.issues.map(({ message, path }) => `${path.join('.')}: ${message}`).join('\n')).toContain(expected)
  })

  test('cannot hang on a password', () => {
    const variables = [
      { name: 'word', type: 'password', label: 'Word' },
      { name: 'late', type: 'boolean', label: 'Late', when: { variable: 'word', equals: 'x' } },
    ]
    expect(TemplateDescription.safeParse({ ...template, variables }).error?.issues[0]?.message).toMatch(/password/)
  })
})
