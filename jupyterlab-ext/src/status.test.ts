import { expect, test } from '@jest/globals'
import { noticeOf, type Status } from './status.ts'

const status = (state: Status['state'], kind: Status['kind'] = 'token'): Status => ({
  state,
  kind,
  detail: 'It is so.',
  url: '',
  account: {},
})

test('each state has at most one sentence and one thing to do', () => {
  expect([noticeOf(status('unknown')), noticeOf(status('ready'))]).toEqual([undefined, undefined])
  expect(noticeOf(status('signed-out', 'none'))?.action).toBe('sign-in')
  expect(noticeOf(status('refused'))).toEqual({ text: 'It is so. Sign in again.', action: 'sign-in' })
  expect(noticeOf(status('refused', 'pod'))).toEqual({ text: 'It is so.', action: 'retry' })
  expect(noticeOf(status('away'))).toEqual({ text: 'It is so.', action: 'retry' })
  expect(noticeOf(status('wrong-version'))?.action).toBe('retry')
})
