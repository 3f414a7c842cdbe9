import { describe, expect, test } from '@jest/globals'
import { formFields } from './form.ts'
import { launchLinkOf, launchLinkQuery, linkedValues, readLaunchLink } from './launch-link.ts'
import { TemplateDescription } from './template.ts'
import { imageVariables, openingValues } from './template-uses.ts'

const template = TemplateDescription.parse({
  ...{ id: 'tool', name: 'Tool', description: 'A tool.' },
  variables: [
    { name: 'nodes', type: 'number', label: 'Nodes', default: 3 },
    { name: 'quick', type: 'boolean', label: 'Quick', default: false },
    { name: 'word', type: 'password', label: 'Word', generate: true },
    { name: 'other', type: 'image', label: 'Other', default: 'x:1', advanced: true },
    { name: 'image', type: 'image', label: 'Image' },
    { name: 'folder', type: 'entry', label: 'Folder', domains: ['local'], default: '/local', opens: true },
    { name: 'data', type: 'entry', label: 'Data', default: '/local' },
  ],
})
const fields = formFields(template)

describe('a link to a launch form', () => {
  test('has what was changed of the form, and brings it back', () => {
    const link = launchLinkOf(fields, ' mine ', { nodes: 5, quick: false, word: 'secret', image: 'a b&c=d', folder: '/local' })
    expect(link).toEqual({ name: 'mine', values: { nodes: '5', image: 'a b&c=d' } })
    expect(readLaunchLink(new URLSearchParams(launchLinkQuery(link)))).toEqual(link)
  })

  test('attack: fills in no password, nothing that the form does not ask, and no name that is none', () => {
    const query = new URLSearchParams('name=../x&values.word=known&values.constructor=1&values.nodes=9&launch=now')
    const link = readLaunchLink(query) ?? { values: {} }
    expect(link).toEqual({ values: { word: 'known', constructor: '1', nodes: '9' } })
    expect(linkedValues(fields, link)).toEqual({ values: { nodes: '9' }, filled: ['Nodes'], left: ['word', 'constructor'] })
  })

  test('that fills in nothing is none', () => {
    expect(readLaunchLink(new URLSearchParams('saved=x'))).toBeUndefined()
    expect(readLaunchLink(new URLSearchParams({ 'values.a': 'x'.repeat(10_001) }))).toBeUndefined()
  })
})

test('of several images, one that has to be given is what a launch with an image fills in', () => {
  expect(imageVariables(template)).toEqual(['image', 'other'])
})

test('a folder is opened by the variable that says so, where it takes its domain', () => {
  const path = 'a/b' as never
  expect(openingValues(template, { domain: 'local', path, type: 'folder' })).toEqual({ folder: '/local/a/b' })
  expect(openingValues(template, { domain: 'local', path: '' as never, type: 'folder' })).toEqual({ folder: '/local' })
  expect(openingValues(template, { domain: 'shared', path, type: 'folder' })).toBeUndefined()
  expect(openingValues(template, { domain: 'local', path, type: 'file' })).toBeUndefined()
})
