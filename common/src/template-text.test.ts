import { expect, test } from '@jest/globals'
import { idInTemplate, isOldTemplate, startingTemplate } from './template-text.ts'

test('a text of before is told by its description', () => {
  expect(isOldTemplate('kind: Template\nname: Old\nvariables:\n- name: NAME\n---\napiVersion: v1\nkind: Pod\n')).toBe(true)
  expect(isOldTemplate('---\napiVersion: v1\nkind: Pod\n---\nname: Old\nkind: "Template"\n')).toBe(true)
})

test.each([startingTemplate, '', 'nothing', 'apiVersion: v1\nkind: Pod\n'])('anything else is none of before', (source) => {
  expect(isOldTemplate(source)).toBe(false)
})

test('the id stands in the text', () => {
  expect([idInTemplate(startingTemplate), idInTemplate('id: {{x}}')]).toEqual(['my-template', undefined])
})
