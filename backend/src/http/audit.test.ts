import { expect, test } from '@jest/globals'
import { targetOf } from './audit.ts'

test.each([
  ['a service', [{ service: 'lab' }, {}, undefined], 'lab'],
  ['a launch by its template and name', [{}, {}, { template: 'hello', name: 'a', values: { password: 'x' } }], 'hello a'],
  ['an entry', [{ domain: 'local' }, { path: 'a/b' }, undefined], 'local a/b'],
  ['a rename', [{ domain: 'local' }, {}, { from: 'a', to: 'b', overwrite: true }], 'local a b'],
  [
    'what a job copies, and where to',
    [
      {},
      {},
      {
        kind: 'move',
        entries: [
          { domain: 'local', path: 'a/b' },
          { domain: 'remote', path: 'c' },
        ],
        to: { domain: 'shared', path: '' },
      },
    ],
    'local:/a/b remote:/c shared:/',
  ],
  ['nothing that is secret', [{}, {}, { username: 'alice', password: 'x', current: 'y', next: 'z', code: 'c' }], undefined],
  ['nothing where there is nothing', [{}, undefined, null], undefined],
])('the target of an operation tells %s', (_, parts, expected) => {
  expect(targetOf(...parts)).toBe(expected)
})
