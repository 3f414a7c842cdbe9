import { expect, test } from '@jest/globals'
import { endOf } from './exec.ts'

const failure = (message: string, causes: object[] = []) => JSON.stringify({ status: 'Failure', message, details: { causes } })

test.each([
  ['success', JSON.stringify({ status: 'Success' }), { code: 0, message: '' }],
  ['an exit code', failure('command terminated', [{ reason: 'ExitCode', message: '3' }]), { code: 3, message: '' }],
  ['a program that never began', failure('no such file'), { code: undefined, message: 'no such file' }],
  ['a code that is none', failure('odd', [{ reason: 'ExitCode', message: 'x' }]), { code: undefined, message: 'odd' }],
  ['what is no JSON', 'lost', { code: undefined, message: 'lost' }],
  ['no status', '[]', { code: undefined, message: '[]' }],
])('the end of a program is read of %s', (_, text, expected) => {
  expect(endOf(text)).toEqual({ ...expected, isBroken: false })
})
