import { describe, expect, test } from '@jest/globals'
import { formFields } from './form.ts'
import {
  filledIn,
  firstText,
  hintSentence,
  isAbout,
  launchBody,
  launchErrors,
  launchValues,
  updateErrors,
  valuePointer,
} from './launch-form.ts'
import { TemplateDescription } from './template.ts'

const template = TemplateDescription.parse({
  id: 'lab',
  name: 'Lab',
  description: 'A lab.',
  variables: [
    { name: 'memory', type: 'quantity', label: 'Memory', default: '2Gi', min: '256Mi', max: '4Gi' },
    { name: 'nodes', type: 'number', label: 'Nodes', integer: true, default: 1, min: 1, max: 3 },
    { name: 'gpu', type: 'boolean', label: 'GPU' },
    { name: 'passphrase', type: 'password', label: 'Passphrase', generate: true },
    { name: 'size', type: 'choice', label: 'Size', choices: ['small', 'big'] },
  ],
})
const fields = formFields(template)
const typed = (texts: Record<string, string>) => {
  const byPointer = new Map(Object.entries(texts).map(([name, text]) => [valuePointer({ name }), text]))
  return launchValues(fields, (pointer) => byPointer.get(pointer))
}

test('a field shows its default, and says in a sentence what it takes', () => {
  expect(fields.map(firstText)).toEqual(['2Gi', '1', 'false', '', ''])
  expect(fields.map(hintSentence).slice(0, 2)).toEqual([expect.stringMatching(/^An amount .*\.$/), 'A whole number from 1 to 3.'])
  expect(fields.map(hintSentence)[3]).toMatch(/ Left empty, one is made for you\.$/)
})

test('what was typed becomes values of the right types', () => {
  const values = typed({ memory: ' 3Gi ', nodes: '2', gpu: 'true', passphrase: '', size: 'big' })
  expect(values).toEqual({ memory: '3Gi', nodes: 2, gpu: true, passphrase: null, size: 'big' })
  expect(launchErrors(template, 'my-lab', values)).toEqual([])
})

test('what nobody was asked for is left to the platform', () => {
  expect(launchBody(template, '  ', typed({ size: 'big' }))).toEqual({ template: 'lab', values: { size: 'big' } })
  expect(launchBody(template, ' mine ', {})).toEqual({ template: 'lab', name: 'mine', values: {} })
})

test('a choice that nobody made, and a name that cannot be part of an address, are told at their fields', () => {
  const pointersOf = (name: string, size: string) => launchErrors(template, name, typed({ size })).map(({ pointer }) => pointer)
  expect(pointersOf('', '')).toEqual(['/values/size'])
  expect(pointersOf('My Lab', 'big')).toEqual(['/name'])
  expect(launchErrors(template, 'My Lab', typed({ size: 'big' }))[0]?.detail).toMatch(/lower-case/)
})

test('an error about a part of a value is about its field, and about no other that begins alike', () => {
  expect(isAbout({ pointer: '/values/size/0' }, '/values/size')).toBe(true)
  expect(isAbout({ pointer: '/values/sizes' }, '/values/size')).toBe(false)
})

describe('a form that was filled in before', () => {
  const described = TemplateDescription.parse({
    id: 'sealed',
    name: 'Sealed',
    description: 'Has a word.',
    variables: [
      { name: 'word', type: 'password', label: 'Word' },
      { name: 'copies', type: 'number', label: 'Copies', default: 1, max: 3 },
    ],
  })

  test('shows those values in the place of defaults, as far as they are any', () => {
    const [, copies] = formFields(described)
    if (!copies) throw new Error('There is no such field')
    expect([{ copies: 2 }, {}, { copies: { toString: 'x' } }].map((filled) => firstText(filledIn(copies, filled)))).toEqual([
      '2',
      '1',
      '1',
    ])
  })

  test('takes an empty password for the one that is there, and checks all else', () => {
    expect(updateErrors(described, { word: '', copies: 2 })).toEqual([])
    expect(updateErrors(described, { word: null, copies: 9 })).toMatchObject([{ pointer: '/values/copies' }])
    expect(updateErrors(described, { word: 'x\ny', copies: 1 })).toMatchObject([{ pointer: '/values/word' }])
  })
})
