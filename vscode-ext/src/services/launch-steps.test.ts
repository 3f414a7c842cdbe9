import { describe, expect, test } from '@jest/globals'
import { invalid, Problem, TemplateDescription } from '@karvdash/common'
import { answeredValues, complaintOf, isAskedStep, launchSteps, type Step, updatedValues, updateSteps } from './launch-steps.ts'

const template = TemplateDescription.parse({
  id: 'demo',
  name: 'Demo',
  description: 'A template with a variable of each kind.',
  variables: [
    { name: 'memory', type: 'quantity', label: 'Memory', help: 'How much.', default: '2Gi', max: '8Gi' },
    { name: 'count', type: 'number', label: 'Count', integer: true, min: 1, max: 3, default: 1 },
    { name: 'isOpen', type: 'boolean', label: 'Open' },
    { name: 'size', type: 'choice', label: 'Size', choices: ['s', { value: 'l', label: 'Large' }], default: 's' },
    { name: 'note', type: 'string', label: 'Note', required: false },
    { name: 'secretWord', type: 'password', label: 'Secret word', generate: true },
    { name: 'folder', type: 'entry', label: 'Folder', advanced: true, required: false },
  ],
})
const steps = launchSteps(template)
const none = {
  pointer: '',
  label: '',
  prompt: '',
  isSecret: false,
  isImage: false,
  value: '',
  isAdvanced: false,
  check: () => 'There is no such step',
}
const step = (pointer: string): Step => steps.find((one) => one.pointer === pointer) ?? none

describe('the questions of a launch', () => {
  test('are the name and each variable, in the order of the template, with its defaults', () => {
    expect(steps.map(({ pointer, value }) => [pointer, value])).toEqual([
      ['/name', 'demo'],
      ['/values/memory', '2Gi'],
      ['/values/count', '1'],
      ['/values/isOpen', 'false'],
      ['/values/size', 's'],
      ['/values/note', ''],
      ['/values/secretWord', ''],
      ['/values/folder', ''],
    ])
    expect(steps.filter(({ isAdvanced }) => isAdvanced).map(({ label }) => label)).toEqual(['Folder'])
    expect(steps.filter(({ isSecret }) => isSecret).map(({ label }) => label)).toEqual(['Secret word'])
  })

  test('say what is allowed', () => {
    expect(step('/values/memory').prompt).toMatch(/^How much\. An amount such as .* 8Gi or less\.$/)
    expect(step('/values/note').prompt).toMatch(/may be left empty/)
    expect(step('/values/secretWord').prompt).toMatch(/one is made for you/)
  })

  test.each([
    ['/name', 'ok-1', undefined],
    ['/name', 'Not OK', /lower-case/],
    ['/values/memory', '4Gi', undefined],
    ['/values/memory', ' 4Gi ', undefined],
    ['/values/memory', '16Gi', /8Gi or less/],
    ['/values/memory', 'much', /"much" is not/],
    ['/values/count', '2', undefined],
    ['/values/count', '2.5', /whole number from 1 to 3/],
    ['/values/count', 'two', /whole number/],
    ['/values/note', '', undefined],
    ['/values/secretWord', '', undefined],
    ['/values/folder', '/elsewhere', /path of a folder/],
  ])('%s answered with "%s" is checked as the API does', (pointer, text, complaint) => {
    const said = step(pointer).check(text)
    if (complaint === undefined) expect(said).toBeUndefined()
    else expect(said).toMatch(complaint)
  })

  test('are answered by choosing where there is a choice', () => {
    expect(step('/values/isOpen').choices).toEqual([
      { value: 'true', label: 'Yes' },
      { value: 'false', label: 'No' },
    ])
    expect(step('/values/size').choices?.map(({ label }) => label)).toContain('Large')
  })
})

describe('a question with a condition', () => {
  const conditional = TemplateDescription.parse({
    id: 'demo',
    name: 'Demo',
    description: 'A demo.',
    variables: [
      { name: 'isOwn', type: 'boolean', label: 'Own' },
      { name: 'script', type: 'text', label: 'Script', default: 'a\\b\nc', when: { variable: 'isOwn', equals: true } },
    ],
  })
  const [, , script = none] = launchSteps(conditional)

  test('is asked where the answers so far say so', () => {
    expect(isAskedStep(conditional, script, new Map())).toBe(false)
    expect(isAskedStep(conditional, script, new Map([['/values/isOwn', 'true']]))).toBe(true)
    expect(isAskedStep(conditional, { pointer: '/name' }, new Map())).toBe(true)
  })

  test('for a text takes \\n for a line break, and gives back its default as it was', () => {
    expect(script.value).toBe('a\\\\b\\nc')
    expect(script.prompt).toContain('\\n for a line break')
    const answers = new Map([
      ['/values/isOwn', 'true'],
      ['/values/script', script.value],
    ])
    expect(answeredValues(conditional, answers)).toEqual({ isOwn: true, script: 'a\\b\nc' })
    expect(answeredValues(conditional, new Map([...answers, ['/values/isOwn', 'false']]))).toEqual({ isOwn: false })
  })
})

describe('the questions of a launch that was saved', () => {
  test('begin with what was saved', () => {
    const values = launchSteps(template, { memory: '4Gi', isOpen: true }).map(({ value }) => value)
    expect(values).toEqual(['demo', '4Gi', '1', 'true', 's', '', '', ''])
  })
})

describe('the questions of an update', () => {
  const asked = updateSteps(template, { memory: '4Gi', count: 2 })
  const answers = new Map(asked.map(({ pointer, value }) => [pointer, value]))

  test('are the variables alone, with their values as they are', () => {
    expect(asked.map(({ pointer, value }) => [pointer, value]).slice(0, 2)).toEqual([
      ['/values/memory', '4Gi'],
      ['/values/count', '2'],
    ])
  })

  test('leave a password as it is where none is given', () => {
    const secret = asked.find(({ isSecret }) => isSecret) ?? none
    expect(secret.prompt).toContain('Left empty, it stays as it is.')
    expect(secret.check('')).toBeUndefined()
    expect(updatedValues(template, answers)).not.toHaveProperty('secretWord')
    expect(updatedValues(template, new Map([...answers, [secret.pointer, 'other words']]))).toHaveProperty(
      'secretWord',
      'other words',
    )
  })
})

describe('a launch that is refused', () => {
  test('goes back to the question that it is about', () => {
    const failure = invalid([{ pointer: '/values/memory', detail: 'Your quota is 1Gi.' }])
    expect(complaintOf(failure, steps)).toEqual({ step: 1, detail: 'Your quota is 1Gi.' })
  })

  test('for another reason goes back to none', () => {
    expect(complaintOf(new Problem(409, 'Conflict'), steps)).toBeUndefined()
    expect(complaintOf(new TypeError('x'), steps)).toBeUndefined()
  })
})
