import { describe, expect, test } from '@jest/globals'
import { Problem, type Values } from '@karvdash/common'
import { parseTemplate } from './parse.ts'
import { samplePlatform } from './platform.ts'
import { Profiles } from './profile.ts'
import { render } from './render.ts'

const head = `apiVersion: karvdash.io/v1
kind: Template
id: sized
name: Sized
description: Has a size.
variables:
  - {name: size, type: profile, label: Size, custom: true}
  - {name: text, type: string, label: Text, default: x}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: x}
`
const platform = {
  ...samplePlatform,
  profiles: Profiles.parse([
    { name: 'small', label: 'Small', cpu: 1, memory: '1Gi' },
    {
      name: 'gpu',
      label: 'GPU',
      cpu: '8',
      memory: '32Gi',
      requests: { cpu: '2' },
      gpu: { count: 1 },
      nodeSelector: { disk: 'ssd', yes: 'true' },
      tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
    },
  ]),
}

function objectOf(data: string, values: Values = { size: 'gpu' }): object | undefined {
  const { objects } = render(parseTemplate(head + data), { text: 'x', ...values }, platform)
  expect(objects).toHaveLength(1)
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...rest } = objects[0] ?? {}
  return rest
}

/** What an author or a user is told, in one text. */
function refusal(data: string, values?: Values): string {
  try {
    objectOf(data, values)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return error.message
  }
}

describe('a profile in a template', () => {
  test('is its name, its amounts, and what the administrator wrote', () => {
    const data =
      'name: {{size}}\ncpu: {{size.cpu}}\nmemory: "{{size.memory}}"\ngpus: {{size.gpus}}\nresources: {{size.resources}}\n'
    expect(objectOf(`${data}nodeSelector: {{size.nodeSelector}}\ntolerations: {{size.tolerations}}`)).toEqual({
      name: 'gpu',
      cpu: '8',
      memory: '32Gi',
      gpus: 1,
      resources: { requests: { cpu: '2', memory: '32Gi' }, limits: { cpu: '8', memory: '32Gi', 'nvidia.com/gpu': 1 } },
      nodeSelector: { disk: 'ssd', yes: 'true' },
      tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
    })
  })

  test('is there in lists and flow mappings too, and each time by itself', () => {
    const both = objectOf('all: [{{size.resources}}, {a: {{size.resources}} }]\n') as { all: [object, { a: object }] }
    expect(both.all[0]).toEqual(both.all[1].a)
    expect(both.all[0]).not.toBe(both.all[1].a)
  })

  test('that is custom sets nothing, and can be asked for in conditions', () => {
    const data =
      '{{#if (eq size "custom")}}\nown: true\n{{else}}\nresources: {{size.resources}}\n{{/if}}\nnodes: {{size.nodeSelector}}\ngpus: {{size.gpus}}\n'
    expect(objectOf(data, { size: 'custom' })).toEqual({ own: true, nodes: {}, gpus: 0 })
    expect(objectOf('{{#if (gte size.memory "32Gi")}}\nmuch: true\n{{/if}}')).toEqual({ much: true })
  })

  test('nothing that a user gives becomes a structure', () => {
    const values = { size: '{{size.resources}}', text: '{{size.resources}}' }
    expect(objectOf('a: {{text}}\nb: {{size}}\nc: {{size.resources}}', values)).toEqual({ a: values.text, b: values.text, c: {} })
  })

  test.each([
    ['in quotes', 'a: "{{size.resources}}"'],
    ['beside text', 'a: x {{size.resources}}'],
    ['in a block', 'a: |\n  {{size.resources}}'],
    ['as a key', '{{size.resources}}: a'],
    ['as a key of a flow mapping', 'a: { {{size.tolerations}} : 1 }'],
    ['beside an expression', 'a: {{size}}{{size.resources}}'],
  ])('has parts, which are refused %s', (_, data) => {
    expect(refusal(data)).toMatch(/Line 1[2-4]/)
  })

  test.each([
    ['in a condition', '{{#if size.resources}}\na: 1\n{{/if}}', 'There is no value "size.resources"'],
    ['in a comparison', '{{#if (eq size.resources 1)}}\na: 1\n{{/if}}', 'There is no value "size.resources"'],
    ['of a variable that is none', 'a: {{text.resources}}', 'There is no value "text.resources"'],
    ['of a part that is none', 'a: {{size.label}}', 'There is no value "size.label"'],
  ])('is refused %s', (_, data, expected) => {
    expect(refusal(data)).toContain(expected)
  })

  test('is the administrator’s to define: a template that does is refused', () => {
    const own = head.replace('custom: true}', 'choices: [{value: mine, label: Mine}]}')
    expect(() => parseTemplate(own)).toThrow(/for administrators to define/)
  })
})

describe('the profiles of a cluster', () => {
  const small = { name: 'small', label: 'Small', cpu: '1', memory: '1Gi' }
  test.each([
    ['none', []],
    ['two of one name', [small, small]],
    ['one named custom', [{ ...small, name: 'custom' }]],
    ['one with an amount that is none', [{ ...small, memory: 'much' }]],
    ['half a GPU', [{ ...small, gpu: { count: 0.5 } }]],
    ['unknown words', [{ ...small, disk: 'large' }]],
  ])('are not %s', (_, profiles) => {
    expect(Profiles.safeParse(profiles).success).toBe(false)
  })
})
