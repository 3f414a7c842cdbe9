import { describe, expect, test } from '@jest/globals'
import { checkValues, formFields, TemplateDescription } from '@karvdash/common'
import { describedFor } from './described.ts'

const profiles = [
  { name: 'small', label: 'Small' },
  { name: 'large', label: 'Large', help: 'For much.' },
]
const platform = { user: 'alice', namespace: 'karvdash-alice', registry: 'registry.example.org:5000', profiles }

function described(variable: Record<string, unknown>, given = platform) {
  const written = TemplateDescription.parse({
    id: 'x',
    name: 'X',
    description: 'X.',
    variables: [{ name: 'it', label: 'It', ...variable }],
  })
  // What is listed is what clients read again.
  return TemplateDescription.parse(describedFor(written, given))
}

describe('a default', () => {
  test.each([
    ['string', 'of {{user}}', 'of alice'],
    ['text', '{{ namespace }}\n{{user}}', 'karvdash-alice\nalice'],
    ['entry', '{{domains.shared}}/data', '/shared/data'],
    ['image', '{{registry}}/alice/tool:1', 'registry.example.org:5000/alice/tool:1'],
  ])('of type %s may have values of the platform', (type, written, filled) => {
    expect(described({ type, default: written }).variables[0]).toMatchObject({ default: filled })
  })

  test('that does not come out right is asked for instead', () => {
    const description = described({ type: 'image', default: '{{registry}}/tool' }, { ...platform, registry: '' })
    expect(formFields(description)[0]).toMatchObject({ required: true })
    expect(formFields(description)[0]?.default).toBeUndefined()
  })

  test.each([
    ['string', '{{secret}}'],
    ['string', '{{host}}'],
    ['string', '{{{user}}}'],
    ['string', '{{#if user}}x{{/if}}'],
    ['string', '{{user'],
    ['choice', '{{user}}'],
    ['entry', '{{namespace}}'],
  ])('of type %s may not be %s', (type, written) => {
    expect(() => described({ type, default: written, ...(type === 'choice' && { choices: ['a'] }) })).toThrow()
  })
})

describe('a profile', () => {
  test('offers what administrators define', () => {
    const [field] = formFields(described({ type: 'profile' }))
    expect(field).toMatchObject({ control: 'select', default: 'small', required: false })
    expect(field?.choices).toEqual([
      { value: 'small', label: 'Small' },
      { value: 'large', label: 'Large', help: 'For much.' },
    ])
  })

  test('with custom offers own amounts too', () => {
    const description = described({ type: 'profile', custom: true, default: 'large' })
    expect(formFields(description)[0]?.choices?.at(-1)).toEqual({ value: 'custom', label: 'Own amounts' })
    expect(checkValues(description, {})).toEqual({ values: { it: 'large' } })
    expect(checkValues(description, { it: 'custom' })).toEqual({ values: { it: 'custom' } })
    expect(checkValues(description, { it: 'huge' }).errors?.[0]?.detail).toBe(
      'It must be one of small, large, custom; "huge" is not.',
    )
  })

  test('whose default is not defined here begins with the first', () => {
    expect(checkValues(described({ type: 'profile', default: 'gone' }), {})).toEqual({ values: { it: 'small' } })
    expect(checkValues(described({ type: 'profile' }), { it: 'custom' }).errors).toHaveLength(1)
  })
})
