import { describe, expect, test } from '@jest/globals'
import { formFields, TemplateDescription } from '@karvdash/common'
import { fieldPlan } from './launch-fields.ts'

const template = TemplateDescription.parse({
  id: 'lab',
  name: 'Lab',
  description: 'A lab.',
  variables: [
    { name: 'memory', type: 'quantity', label: 'Memory', default: '2Gi', min: '256Mi', max: '4Gi' },
    { name: 'nodes', type: 'number', label: 'Nodes', integer: true, default: 1, min: 1, max: 3 },
    { name: 'gpu', type: 'boolean', label: 'GPU' },
    { name: 'passphrase', type: 'password', label: 'Passphrase', generate: true },
    { name: 'size', type: 'choice', label: 'Size', choices: ['small', { value: 'big', label: 'Big one' }] },
  ],
})
const fields = formFields(template)
const planOf = (name: string) => fields.filter((field) => field.name === name).map(fieldPlan)[0]

describe('a launch form', () => {
  test('shows defaults, hints and what may be left empty', () => {
    expect(planOf('memory')).toMatchObject({
      pointer: '/values/memory',
      value: '2Gi',
      isOptional: false,
      hint: expect.stringContaining('from 256Mi to 4Gi'),
    })
    expect(planOf('passphrase')).toMatchObject({
      kind: 'password',
      isOptional: true,
      hint: expect.stringContaining('one is made for you'),
    })
  })

  test('numbers are typed as text, with the right keys on a phone', () => {
    expect(planOf('nodes')).toMatchObject({ kind: 'text', attributes: { inputmode: 'numeric' } })
  })

  test('a text has room for many lines', () => {
    const text = formFields(
      TemplateDescription.parse({ ...template, variables: [{ name: 'notes', type: 'text', label: 'Notes', maxLength: 99 }] }),
    )
    expect(text.map(fieldPlan)[0]).toMatchObject({ kind: 'textarea', attributes: { maxlength: 99 } })
  })

  test('a choice without a default has to be made', () => {
    expect(planOf('size')?.choices).toEqual([
      { value: '', label: 'Choose …' },
      { value: 'small', label: 'small' },
      { value: 'big', label: 'Big one' },
    ])
  })
})
