import { expect, test } from '@jest/globals'
import { challengesOf } from './challenge.ts'

const shown = (header: string) => challengesOf(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])

test.each<[string, unknown]>([
  [
    'Bearer realm="https://auth.example.org/token",service="registry.example.org",scope="repository:a/b:pull,push"',
    [['bearer', { realm: 'https://auth.example.org/token', service: 'registry.example.org', scope: 'repository:a/b:pull,push' }]],
  ],
  [
    'Basic realm="Registry", Bearer realm=x , error = "invalid_token"',
    [
      ['basic', { realm: 'Registry' }],
      ['bearer', { realm: 'x', error: 'invalid_token' }],
    ],
  ],
  ['Basic', [['basic', {}]]],
  ['bearer REALM="a \\"b\\" \\\\ c"', [['bearer', { realm: 'a "b" \\ c' }]]],
  [
    'Bearer realm="never ends',
    [
      ['bearer', {}],
      ['realm', {}],
    ],
  ],
  ['realm="of nothing"', []],
  ['', []],
  ['=,"', []],
])('%j is read', (header, expected) => {
  expect(shown(header)).toEqual(expected)
})

test('attack: a header without end is read no further than its beginning', () => {
  expect(challengesOf(`Bearer ${'a="b",'.repeat(100_000)}z=1`)[0]?.parameters.has('z')).toBe(false)
})
