import type { Values } from '@karvdash/common'
import { parseTemplate } from './parse.ts'

/** Prints two values wherever a template can print one. */
export const printingTemplate = parseTemplate(`apiVersion: karvdash.io/v1
kind: Template
id: hostile
name: Hostile
description: Prints values wherever a template can.
variables:
  - {name: one, label: One, type: string}
  - {name: two, label: Two, type: text}
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
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((more ^ (more >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A text of up to eight pieces that a careless engine would stumble over; never empty, since the template asks whether it is. */
export function hostileText(random: () => number): string {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  return Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(pick(pieces) ?? []) ?? '').join('') || 'x'
}

/** The objects that the template must make of two values: each exactly in its places. */
export function printedObjects({ one, two }: Values): unknown {
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
