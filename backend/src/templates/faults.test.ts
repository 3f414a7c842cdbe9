import { describe, expect, test } from '@jest/globals'
import { Problem } from '@karvdash/common'
import { documentAt } from './faults.ts'
import { parseTemplate } from './parse.ts'
import { samplePlatform } from './platform.ts'
import { render } from './render.ts'

const head = `apiVersion: karvdash.io/v1
kind: Template
id: x
name: X
description: X.
variables: [{name: count, type: number, label: Count, default: 2}]
---
`

/** Where each fault of a template is told to be. */
function places(documents: string) {
  try {
    parseTemplate(head + documents)
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return (error.errors ?? []).map(({ document, path, line, column }) => ({ document, path, line, column }))
  }
}

describe('a fault of a template is told with its document, path, line and column', () => {
  test('in metadata', () => {
    const documents =
      'apiVersion: v1\nkind: A\nmetadata:\n  name: a\n---\napiVersion: v1\nkind: B\nmetadata:\n  name: b\n  labels:\n    ok: x\n    app: 1\n  uid: x\n'
    expect(places(documents)).toEqual([
      { document: 3, path: 'metadata.uid', line: 20, column: 3 },
      { document: 3, path: 'metadata.labels.app', line: 19, column: 5 },
    ])
  })

  test('behind what is repeated, and without a column behind an expression', () => {
    const documents =
      '{{#each (range count)}}\n---\napiVersion: v1\nkind: A\nmetadata:\n  name: a{{this}}\n{{/each}}\n---\napiVersion: v1\nkind: B\nmetadata: {name: b, n: {{count}}, uid: x}\n'
    expect(places(documents)).toEqual([{ document: 4, path: 'metadata.uid', line: 18, column: undefined }])
  })

  test('in YAML that cannot be read, and in an expression', () => {
    expect(places('apiVersion: v1\nkind: A\nmetadata: {name: x}\na: [\n')[0]).toMatchObject({
      document: 2,
      line: expect.any(Number),
    })
    expect(places('a: {{nothing}}\n')).toEqual([{ document: 2, path: undefined, line: 8, column: 6 }])
  })

  test('in the description', () => {
    expect(places('kind: A\n---\nkind: Template\n')[0]).toMatchObject({ document: 3 })
  })
})

test('an object knows where each of its parts stands', () => {
  const documents = `apiVersion: v1
kind: Pod
metadata: {name: x}
spec:
  containers:
    - name: one
      image: a
    - {name: two, image: "b", "quoted.key": 1, last: 3}
data:
  index.html: |
    x
`
  const { origins } = render(parseTemplate(head + documents), { count: 1 }, samplePlatform)
  const at = (path: string) => origins[0]?.(path)
  expect(at('spec.containers[0].image')).toEqual({ document: 2, line: 14, column: 7 })
  expect(at('spec.containers[1].image')).toEqual({ document: 2, line: 15, column: 19 })
  expect(at('spec.containers[1].last')).toEqual({ document: 2, line: 15, column: 48 })
  expect(at('data[index.html]')).toEqual({ document: 2, line: 17, column: 3 })
  // What is not there stands where it would.
  expect(at('spec.containers[0].resources.limits[nvidia.com/gpu]')).toEqual({ document: 2, line: 13, column: 7 })
  expect(at('status')).toEqual({ document: 2, line: 8, column: 1 })
})

test.each([
  ['a\n---\nb\n--- # c\nc', [1, 2, 2, 3, 3]],
  ['# top\n---\na\n---\nb', [1, 1, 1, 2, 2]],
])('documents are counted as people count them: %j', (source, documents) => {
  expect(documents.map((_, index) => documentAt(source, index + 1))).toEqual(documents)
})
