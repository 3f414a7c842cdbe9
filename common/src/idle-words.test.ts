import { expect, test } from '@jest/globals'
import { idleWarning, idleWords } from './idle-words.ts'

const local = (day: number, hour: number) => new Date(2026, 10, day, hour, 5).toISOString()

test('that it is about to be stopped is told in the time of whoever reads it, with the day where that is not today', () => {
  const now = new Date(2026, 10, 22, 13)
  expect(idleWords({ idle: { since: local(22, 2), stopsAt: local(22, 14) } }, now)).toBe(
    'Nothing used it since 02:05: it will be stopped at 14:05, unless you keep it running.',
  )
  expect(idleWords({ idle: { since: local(21, 22), stopsAt: local(23, 1) } }, now)).toBe(
    'Nothing used it since 21 November, 22:05: it will be stopped on 23 November at 01:05, unless you keep it running.',
  )
  expect(idleWords({})).toBe('')
})

test('a warning is another one when it is given anew, or of another service of the same name', () => {
  const idle = { since: local(22, 2), stopsAt: local(22, 14) }
  const of = (more: object) => idleWarning({ name: 'lab', createdAt: local(20, 1), idle, ...more })
  expect(of({ idle: undefined })).toBeUndefined()
  expect(of({})).toBe(of({}))
  const others = [
    of({}),
    of({ name: 'other' }),
    of({ createdAt: local(21, 1) }),
    of({ idle: { ...idle, stopsAt: local(23, 1) } }),
  ]
  expect(new Set(others).size).toBe(4)
})
