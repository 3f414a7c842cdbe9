import { expect, test } from '@jest/globals'
import { answerOf } from './probe.ts'

const now = Date.parse('2026-01-02T00:00:00Z')
const ran = (code: number | undefined, text = '', isCut = false) => ({ text, isCut, end: { code, message: '', isBroken: false } })

test.each([
  ['that ends with 0 says that it is active now', ran(0), { activeAt: now }],
  ['that ends with 1 says that it is not', ran(1), 'idle'],
  ['may say since when', ran(1, '2026-01-01T12:00:00.123456Z\n'), { activeAt: Date.parse('2026-01-01T12:00:00.123Z') }],
  ['may say so in seconds', ran(1, '1767225600.5'), { activeAt: 1_767_225_600_500 }],
  ['knows nothing of what is to come', ran(1, '2036-01-01T12:00:00Z'), { activeAt: now }],
  ['that says why it failed says nothing', ran(1, 'Traceback (most recent call last):'), 'unknown'],
  ['that fails says nothing', ran(2), 'unknown'],
  ['that is not there says nothing', ran(undefined), 'unknown'],
  ['that goes on for ever says nothing', ran(0, '', true), 'unknown'],
])('a probe %s', (_, given, answer) => {
  expect(answerOf(given, now)).toEqual(answer)
})
