import { expect, test } from '@jest/globals'
import { checkValues, TemplateDescription } from '@karvdash/common'
import { generatePasswords } from './passwords.ts'

const variables = [
  { name: 'made', label: 'Made', type: 'password', generate: true },
  { name: 'short', label: 'Short', type: 'password', generate: true, maxLength: 12 },
  { name: 'long', label: 'Long', type: 'password', generate: true, minLength: 40 },
  { name: 'own', label: 'Own', type: 'password', required: false },
]

test('passwords are made where they are asked for and left empty, within their limits', () => {
  const description = TemplateDescription.parse({ id: 'x', name: 'X', description: 'X.', variables })
  const { values = {} } = checkValues(description, {})
  const filled = generatePasswords(description, values)
  expect(filled).toEqual({
    made: expect.stringMatching(/^[\w-]{24}$/),
    short: expect.stringMatching(/^[\w-]{12}$/),
    long: expect.stringMatching(/^[\w-]{40}$/),
    own: null,
  })
  expect(checkValues(description, filled).errors).toBeUndefined()
  expect(generatePasswords(description, values)['made']).not.toBe(filled['made'])
  expect(generatePasswords(description, { ...values, made: 'chosen' })['made']).toBe('chosen')
})
