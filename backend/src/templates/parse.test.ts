import { describe, expect, test } from '@jest/globals'
import { Problem } from '@karvdash/common'
import { parseTemplate } from './parse.ts'

const description = 'apiVersion: karvdash.io/v1\nkind: Template\nid: test\nname: Test\ndescription: A test.\n'
const object = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n'

function refusal(source: string): string {
  try {
    parseTemplate(source)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return (error.errors ?? []).map(({ detail }) => detail).join('\n')
  }
}

describe('the description of a template', () => {
  test.each([
    ['first', `${description}---\n${object}`],
    ['last', `${object}---\n${description}`],
    [
      'between others, after comments',
      `# license\n---\n${object}--- # description\n# about\n${description}\n---\n${object.replace('name: x', 'name: z')}`,
    ],
    ['with a quoted kind', `${description.replace('kind: Template', 'kind: "Template" # this')}---\n${object}`],
    [
      'in a text with line breaks of Windows and a byte order mark',
      `\uFEFF${description}---\n${object}`.replaceAll('\n', '\r\n'),
    ],
    [
      'beside documents that are no YAML until their expressions are carried out',
      `${description}---\n${object}{{#if namespace}}\ndata: {a: b}\n{{/if}}\n`,
    ],
  ])('is found %s', (_, source) => {
    expect(parseTemplate(source).description).toMatchObject({ id: 'test', variables: [] })
  })

  test('is not taken from a text that only looks like one', () => {
    const config = `${object}data:\n  a: |\n    kind: Template\n`
    expect(parseTemplate(`${description}---\n${config}`).description.id).toBe('test')
    expect(refusal(config)).toContain('One document must be of kind: Template')
  })

  test.each([
    ['there is none', object, 'One document must be of kind: Template'],
    ['there are two', `${description}---\n${description}`, 'Line 7: There is another'],
    ['it has an unknown member', `${description}colour: red\n`, 'colour'],
    ['it is of another version', description.replace('karvdash.io/v1', 'karvdash.io/v2'), 'apiVersion'],
    ['its YAML is broken', `${object}---\n${description}variables: [\n`, 'In the description'],
    [
      'a key is there twice',
      `${object}---\n${description}id: other\n`,
      'Line 10, column 1: In the description: duplicated mapping key',
    ],
    ['it has blocks', `${description}{{#if user}}\nsingleton: true\n{{/if}}\n`, 'In the description'],
    [
      'its name is an expression',
      description.replace('name: Test', "name: '{{user}}'"),
      'expressions in exposure and in defaults',
    ],
    [
      'its exposure has blocks',
      `${description}exposure: {port: 80, service: '{{#if user}}x{{/if}}'}\n`,
      'may print values and do nothing else',
    ],
    [
      'its exposure prints a variable',
      `${description}exposure: {port: 80, service: '{{text}}'}\nvariables: [{name: text, label: T, type: string}]\n`,
      'There is no value "text"',
    ],
    [
      'its service prints the secret',
      `${description}exposure: {port: 80, service: '{{secret}}'}\n`,
      'There is no value "secret"',
    ],
  ])('is refused where %s', (_, source, expected) => {
    expect(refusal(source)).toContain(expected)
  })
})

describe('a template is refused when it is read', () => {
  test.each([
    [
      'for an unknown name',
      `${description}---\n${object}data: {a: {{nothing}} }\n`,
      'Line 10, column 13: There is no value "nothing"',
    ],
    ['for YAML that is broken with its defaults', `${description}---\n${object}data:\n  a: [{{user}}\n`, 'Line 11'],
    [
      'for an object it may not make',
      `${description}---\n${object.replace('{name: x}', '{name: x, namespace: kube-system}')}`,
      'Line 9, column 21: ConfigMap x: metadata.namespace',
    ],
    ['for its size', `${description}# ${'x'.repeat(256 * 1024)}`, 'at most 262144 characters'],
    [
      'for a bomb of aliases',
      `${description}---\na0: &a0 [x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(8)}]`).join('\n')}`,
      'too large',
    ],
  ])('%s', (_, source, expected) => {
    expect(refusal(source)).toContain(expected)
  })
})
