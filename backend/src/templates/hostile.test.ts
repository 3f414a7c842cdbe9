import { describe, expect, test } from '@jest/globals'
import type { Values } from '@karvdash/common'
import { parseTemplate } from './parse.ts'
import { samplePlatform } from './platform.ts'
import { render } from './render.ts'

const template = parseTemplate(`apiVersion: karvdash.io/v1
kind: Template
id: hostile
name: Hostile
description: Prints values wherever a template can.
variables:
  - {name: one, label: One, type: string}
  - {name: two, label: Two, type: string}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: first}
plain: {{one}}
single: '{{one}}'
double: "{{one}}"
mixed: before {{one}} between {{two}} after
glued: {{one}}{{two}}
literal: |
  first line
    {{one}}
folded: >-
  {{one}}
  {{two}}
multiline: a plain scalar
  {{one}}
flow: [{{one}}, '{{two}}', {key: {{one}}, "quoted": "{{two}}" }]
anchored: &it {{one}}
aliased: *it
merged: {<<: {inner: {{two}} } }
{{#if one}}
chosen: {{one}} # {{two}}
{{/if}}
{{#each (range 2)}}
round{{this}}: '{{../one}}'
{{/each}}
keys:
  a{{one}}: 1
  "b{{one}}": 2
list:
- {{one}}
-   - {{two}}
---
apiVersion: v1
kind: Secret
metadata: {name: second}
`)

const pieces = [
  ['\n', '\r', '\r\n', '\t', '\0', ' ', '\u0085', '\u2028', '\u2029', '\uFEFF', '\u00a0', '\x1b'],
  [
    ': ',
    ' #',
    '- ',
    '---',
    '\n---\n',
    '...',
    '? ',
    '|',
    '>',
    '&a',
    '*a',
    '!!js/function',
    '!<x>',
    '%YAML 1.2',
    '<<',
    '{',
    '}',
    '[',
    ']',
    ',',
    '@',
    '`',
  ],
  ['"', "'", '\\', '\\n', '\\"', "''", '$&', '$1', '$`'],
  ['{{', '}}', '{{{', '{{secret}}', '{{#if x}}', '{{/if}}', '{{!--', '--}}', '~'],
  ['Kv', 'Kv0n0z', `Kv${'0'.repeat(32)}n0z`, 'n1z', 'z'],
  ['true', 'null', '~', '0644', '1e3', 'yes', '2026-01-01', '__proto__', 'constructor', ''],
  ['a', 'ä', '漢', '😀', '\ud800', '\udc00', 'x'.repeat(2000)],
  ['\nkind: Secret\nmetadata: {name: evil}\n', '", "evil": "', "', evil: '", 'x\n  evil: true', '\n\n  evil: 1', '\n- evil'],
]

/** Numbers from 0 up to 1 that are the same at every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((more ^ (more >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A text of up to eight pieces that a careless engine would stumble over; never empty, since the template asks whether it is. */
function hostileText(random: () => number): string {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  return Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(pick(pieces) ?? []) ?? '').join('') || 'x'
}

/** The objects that the template must make of two values: each exactly in its places. */
function expected({ one, two }: Values): unknown {
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'first' },
      plain: one,
      single: one,
      double: one,
      mixed: `before ${one} between ${two} after`,
      glued: `${one}${two}`,
      literal: `first line\n  ${one}\n`,
      folded: `${one} ${two}`,
      multiline: `a plain scalar ${one}`,
      flow: [one, two, { key: one, quoted: two }],
      anchored: one,
      aliased: one,
      merged: { inner: two },
      chosen: one,
      round0: one,
      round1: one,
      keys: { [`a${one}`]: 1, [`b${one}`]: 2 },
      list: [one, [two]],
    },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'second' } },
  ]
}

describe('whatever the values are, they are in their places and nothing else changes', () => {
  test.each([1, 2, 3, 4])('(a thousand pairs of values, seed %d)', (seed) => {
    const random = randomFrom(seed)
    for (let round = 0; round < 1000; round++) {
      const values = { one: hostileText(random), two: hostileText(random) }
      expect(render(template, values, samplePlatform).objects).toStrictEqual(expected(values))
    }
  })

  test('(a value of 100,000 characters)', () => {
    const values = { one: '"\n- {{'.repeat(17_000), two: 'x' }
    expect(render(template, values, samplePlatform).objects).toStrictEqual(expected(values))
  })
})
