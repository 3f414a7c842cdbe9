import { expect, test } from '@jest/globals'
import { whyStopped } from './words.ts'

const stopsAt = '2026-11-22T14:05:00.000Z'
const missed = ['no request', 'no open connection']

test('why it was stopped is told with the day where that is another', () => {
  expect(whyStopped({ since: '2026-11-22T02:05:00.000Z', stopsAt, stoppedAt: stopsAt, missed })).toBe(
    'Stopped at 14:05 UTC on 22 November, because nothing used it since 02:05: no request, no open connection. Resume it when you need it again.',
  )
  expect(whyStopped({ since: '2026-11-21T02:05:00.000Z', stopsAt, stoppedAt: stopsAt, missed: [] })).toBe(
    'Stopped at 14:05 UTC on 22 November, because nothing used it since 02:05 on 21 November. Resume it when you need it again.',
  )
})
