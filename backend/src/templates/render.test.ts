import { describe, expect, test } from '@jest/globals'
import { Problem, type Values } from '@karvdash/common'
import { parseTemplate } from './parse.ts'
import { type PlatformValues, samplePlatform } from './platform.ts'
import { render, renderExposure } from './render.ts'

const head = `apiVersion: karvdash.io/v1
kind: Template
id: test
name: Test
description: A test.
exposure: {port: 80, service: '{{service.name}}-web', path: /lab, credentials: {header: Authorization, value: 'token {{secret}}'}}
variables:
  - {name: text, label: Text, type: string, default: some words}
  - {name: count, label: Count, type: number, default: 2}
  - {name: "flag", label: Flag, type: boolean, default: true}
  - {name: entry, label: Entry, type: entry, default: /local/data}
  - {name: spare, label: Spare, type: number, required: false}
---
`
const platform: PlatformValues = {
  ...samplePlatform,
  namespace: 'karvdash-alice',
  service: { name: 'test' },
  secret: 's3cret',
  domains: { local: '/mnt/mine', remote: '/r', shared: '/s' },
}
const defaults: Values = { text: 'some words', count: 2, flag: true, entry: '/local/data', spare: null }

/** The one object whose `data` is the given YAML, indented by two. */
function dataOf(data: string, values: Values = {}): unknown {
  const template = parseTemplate(`${head}apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n${data}\n`)
  const { objects } = render(template, { ...defaults, ...values }, platform)
  expect(objects).toHaveLength(1)
  return objects[0]?.['data']
}

/** What the Problem says that a template, or its rendering, is refused with. */
function refusal(documents: string, values: Values = {}): string {
  try {
    render(parseTemplate(head + documents), { ...defaults, ...values }, platform)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    expect(error.status).toBe(400)
    return (error.errors ?? []).map(({ detail }) => detail).join('\n')
  }
}

describe('a printed value', () => {
  test.each([
    ['alone and plain has its type', '  k: {{count}}\n  b: {{flag}}\n  s: {{text}}', { k: 2, b: true, s: 'some words' }],
    ['quoted is text', '  k: "{{count}}"\n  b: \'{{flag}}\'', { k: '2', b: 'true' }],
    ['among other text is text', '  k: {{count}}Gi\n  b: x{{flag}}', { k: '2Gi', b: 'xtrue' }],
    ['beside another is text', '  k: {{count}}{{count}}', { k: '22' }],
    [
      'in a block is text',
      '  l: |\n    {{count}}\n    {{text}}\n  f: >-\n    {{count}}\n    {{text}}',
      { l: '2\nsome words\n', f: '2 some words' },
    ],
    ['in a flow collection has its type', '  a: [{{count}}, "{{count}}"]\n  m: {k: {{flag}} }', { a: [2, '2'], m: { k: true } }],
    ['may be a key, which is text', '  {{count}}: a\n  "{{text}}": b', { '2': 'a', 'some words': 'b' }],
    [
      'that was left empty is null alone and nothing in text',
      '  a: {{spare}}\n  b: "{{spare}}"\n  c: x{{spare}}',
      { a: null, b: '', c: 'x' },
    ],
    ['of type entry is the path in containers', '  e: {{entry}}', { e: '/mnt/mine/data' }],
    ['of the platform is text', '  a: {{service.name}} {{namespace}} {{domains.shared}}', { a: 'test karvdash-alice /s' }],
    ['is the same at every alias', '  a: &a {{text}}\n  b: *a', { a: 'some words', b: 'some words' }],
    ['is merged with its mapping', '  a: &a {k: {{count}} }\n  b: {<<: *a}', { a: { k: 2 }, b: { k: 2 } }],
    ['in a comment is nothing', '  a: 1 # {{text}}', { a: 1 }],
  ])('%s', (_, data, expected) => {
    expect(dataOf(data)).toEqual(expected)
  })

  test.each(['true', '0644', 'null', '~', '1e3', '', '<<', '2026-01-01', 'yes'])(
    'that is the text %j stays that text',
    (text) => {
      expect(dataOf('  a: {{text}}\n  {{text}}: b', { text })).toEqual({ a: text, [text]: 'b' })
    },
  )

  test('chooses among texts with its own meaning, not with a token', () => {
    const data =
      '{{#if (eq text "go")}}\n  a: 1\n{{else}}\n  b: 1\n{{/if}}\n{{#each (range count)}}\n  k{{this}}: {{@last}}\n{{/each}}'
    expect(dataOf(data, { text: 'go' })).toEqual({ a: 1, k0: false, k1: true })
    expect(dataOf(data, { text: 'stay', count: 0 })).toEqual({ b: 1 })
  })
})

describe('an attack by a value is only text:', () => {
  test.each([
    ['a new document', 'x\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: evil}'],
    ['a new key', 'x\n  evil: true'],
    ['the end of a quote', `x", evil: "y`],
    ['the end of a single quote', `x', evil: 'y`],
    ['a flow mapping', '{evil: true}'],
    ['an expression', '{{secret}} {{{secret}}} {{#if x}}'],
    ['an anchor and an alias', '&a [*a]'],
    ['a tag', '!!js/function "x"'],
    ['a merge', '<<: {evil: true}'],
    ['a comment', ' # comment'],
    ['a replacement pattern', "$& $1 $$ $` $'"],
    ['what looks like a token', 'Kv00000000000000000000000000000000n0z'],
    ['a NUL', 'a\0b'],
    ['other line breaks', 'a\r\nb\u0085c\u2028d\u2029e'],
  ])('%s', (_, text) => {
    const data = '  p: {{text}}\n  d: "{{text}}"\n  s: \'{{text}}\'\n  m: a {{text}} b\n  l: |\n    {{text}}\n  {{text}}: key'
    expect(dataOf(data, { text })).toEqual({ p: text, d: text, s: text, m: `a ${text} b`, l: `${text}\n`, [text]: 'key' })
  })

  test('nested blocks do not carry it into structure', () => {
    expect(dataOf('  {{#if text}}\n  a:\n    - {{text}}\n  {{/if}}', { text: '- x\n    - y' })).toEqual({ a: ['- x\n    - y'] })
  })
})

describe('a value is refused where it would decide about structure:', () => {
  test.each([
    ['as an anchor', '  a: &{{text}} x'],
    ['as an alias', '  a: *{{text}}'],
    ['as a tag', '  a: !{{text}} x'],
    ['under a tag', '  a: !!str {{text}}'],
    ['under a tag that makes it a number', '  a: !!int "{{count}}"'],
    ['under the tag !', '  a: ! {{text}}'],
  ])('%s', (_, line) => {
    expect(refusal(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n${line}`)).toMatch(/^Line 18, column [67]: /)
  })

  test('in a directive', () => {
    expect(refusal('apiVersion: v1\nkind: A\nmetadata: {name: x}\n...\n%TAG ! tag:{{text}}\n---\nx: 1')).toContain('directive')
  })

  test('as a key that is there already', () => {
    const data = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: 1\n  {{text}}: 2'
    expect(refusal(data)).toBe('accepted')
    expect(refusal(data, { text: 'a' })).toContain('duplicated mapping key'.slice(1))
  })

  test('as the key __proto__', () => {
    expect(
      refusal('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {"{{text}}": {a: 1} }', { text: '__proto__' }),
    ).toContain('__proto__')
  })
})

describe('an object is refused', () => {
  const metadata = (more: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  ${more}`
  test.each([
    ['without a kind', 'apiVersion: v1\nmetadata: {name: x}', 'must be a Kubernetes object'],
    ['without a name', 'apiVersion: v1\nkind: A\nmetadata: {}', 'must be a Kubernetes object'],
    ['with a number for a name', 'apiVersion: v1\nkind: A\nmetadata: {name: {{count}} }', 'must be a Kubernetes object'],
    ['that is a list', '- a', 'must be a Kubernetes object'],
    ['of kind List', 'apiVersion: v1\nkind: List\nmetadata: {name: x}\nitems: []', 'lists are not supported'],
    ['of kind PodList', 'apiVersion: v1\nkind: PodList\nmetadata: {name: x}\nitems: []', 'lists are not supported'],
    ['in another namespace', metadata('namespace: kube-system'), 'metadata.namespace must be left out'],
    ['in a namespace that a value names', metadata('namespace: {{text}}'), 'metadata.namespace must be left out'],
    ['with an owner', metadata('ownerReferences: []'), 'metadata.ownerReferences is set by the platform'],
    ['with finalizers', metadata('finalizers: [x]'), 'metadata.finalizers is set by the platform'],
    ['with managed fields', metadata('managedFields: []'), 'metadata.managedFields is set by the platform'],
    ['with a uid', metadata('uid: x'), 'metadata.uid is set by the platform'],
    ['with a generated name', metadata('generateName: x'), 'metadata.generateName is set by the platform'],
    ['with a label of the platform', metadata('labels: {karvdash.io/user: bob}'), 'may not set karvdash.io/user'],
    ['with a label of the platform that a value names', metadata('labels: {"{{text}}": bob}'), 'may not set karvdash.io/service'],
    ['with a label that is a number', metadata('labels: {a: {{count}} }'), 'metadata.labels.a must be a text'],
    ['of the platform', 'apiVersion: karvdash.io/v1\nkind: ServiceRecord\nmetadata: {name: x}', 'objects of the platform'],
    ['that is there twice', `${metadata('')}\n---\n${metadata('')}`, 'There is another ConfigMap x'],
  ])('%s', (_, documents, expected) => {
    const text = expected.includes('karvdash.io/service') ? 'karvdash.io/service' : 'other'
    expect(refusal(documents, { text })).toContain(expected)
  })

  test('beyond the hundredth', () => {
    const documents =
      '{{#each (range count)}}\n---\napiVersion: v1\nkind: A\nmetadata: {name: a{{this}} }\n{{/each}}\n---\napiVersion: v1\nkind: A\nmetadata: {name: x}\n'
    expect(refusal(documents, { count: 99 })).toBe('accepted')
    expect(refusal(documents, { count: 100 })).toContain('at most 100 objects')
  })

  test('that names its own namespace is accepted', () => {
    expect(refusal(metadata('namespace: {{namespace}}'))).toBe('accepted')
  })
})

test('the line of an error is that of the template, whatever was left out or repeated before it', () => {
  const documents =
    '{{#if (gt count 100)}}\n# one\n# two\n{{/if}}\n{{#each (range count)}}\n# {{this}}\n{{/each}}\napiVersion: v1\nkind: A\nmetadata: {name: x}\na: [\n'
  expect(refusal(documents)).toMatch(/^Line (24|25)\b/)
})

test('a rendering that ends without an object is empty', () => {
  const template = parseTemplate(`${head}{{#unless flag}}\napiVersion: v1\nkind: A\nmetadata: {name: x}\n{{/unless}}\n`)
  expect(render(template, defaults, platform).objects).toEqual([])
})

test('the same template and values give equal objects that share nothing', () => {
  const template = parseTemplate(`${head}apiVersion: v1\nkind: A\nmetadata: {name: x, labels: {a: b}}\n`)
  const [one, other] = [render(template, defaults, platform), render(template, defaults, platform)]
  expect(one.objects).toEqual(other.objects)
  expect(one.objects[0]?.metadata).not.toBe(other.objects[0]?.metadata)
})

describe('an exposure', () => {
  test('has its expressions filled in', () => {
    expect(renderExposure(parseTemplate(head), platform)).toEqual({
      service: 'test-web',
      port: 80,
      auth: 'gate',
      path: '/lab',
      credentials: { header: 'Authorization', value: 'token s3cret' },
    })
  })

  test('is undefined where the template exposes nothing', () => {
    const template = parseTemplate('apiVersion: karvdash.io/v1\nkind: Template\nid: x\nname: X\ndescription: X.\n')
    expect(renderExposure(template, platform)).toBeUndefined()
  })
})
