import { expect, test } from '@jest/globals'
import { templateOf, templatePath, withId } from './template-address.ts'

test('a path names a template, and what VS Code probes for names none', () => {
  expect(templateOf(templatePath('my-kafka'))).toBe('my-kafka')
  for (const path of ['/', '/.vscode/settings.json', '/My.yaml', '/a.yml', '/a/b.yaml', '/..yaml'])
    expect(templateOf(path)).toBeUndefined()
})

test('a template gets another id, and nothing else of it changes', () => {
  const source = 'kind: Template\nid: hello\nvariables:\n  - name: id\n    id: 1\n'
  expect(withId(source, 'my-hello')).toBe(source.replace('id: hello', 'id: my-hello'))
})
