import { describe, expect, test } from '@jest/globals'
import { createLineReader } from './log-lines.ts'

const stamp = '2026-01-02T03:04:05.000000006Z'

/** What comes of a log that arrives in pieces of a size. */
function readIn(log: Buffer, size: number) {
  const { read, rest } = createLineReader()
  const lines = []
  for (let at = 0; at < log.length; at += size) lines.push(...read(log.subarray(at, at + size)))
  return [...lines, ...rest()]
}

describe('a log', () => {
  test('is the same lines wherever it is cut', () => {
    const log = Buffer.from(`${stamp} Grüße 🙂\n${stamp} \n${stamp} \u001b[31mred\r\n${stamp} the last`)
    const expected = ['Grüße 🙂', '', '\u001b[31mred\r', 'the last'].map((text) => ({ at: stamp, text }))
    for (let size = 1; size <= log.length; size++) expect(readIn(log, size)).toEqual(expected)
  })

  test.each([
    ['nanoseconds that are left out', '2026-01-02T03:04:05Z x', '2026-01-02T03:04:05.000000000Z'],
    ['fewer digits', '2026-01-02T03:04:05.5Z x', '2026-01-02T03:04:05.500000000Z'],
    ['another zone', '2026-01-02T03:04:05.123456789+02:00 x', '2026-01-02T01:04:05.123456789Z'],
    ['a day that is none', '2026-13-42T03:04:05.123456789+02:00 x', '1970-01-01T00:00:00.000000000Z'],
  ])('with %s in its times has them in UTC, all of one length', (_, line, at) => {
    expect(readIn(Buffer.from(`${line}\n`), 7)).toEqual([{ at, text: 'x' }])
  })

  test('with a line that has no time takes that of the line before', () => {
    expect(readIn(Buffer.from(`${stamp} a\nunable to retrieve container logs\n`), 64)).toEqual([
      { at: stamp, text: 'a' },
      { at: stamp, text: 'unable to retrieve container logs' },
    ])
  })

  test('attack: bytes that are no UTF-8 are replaced, and NUL stays what it is', () => {
    const log = Buffer.concat([Buffer.from(`${stamp} a`), Buffer.from([0xff, 0xc3, 0, 0x0a])])
    expect(readIn(log, 5)).toEqual([{ at: stamp, text: 'a\ufffd\ufffd\0' }])
  })

  test('attack: a line without an end is cut, between two characters, and what is left of it is not kept', () => {
    const long = Buffer.concat([Buffer.from(`${stamp} a`), Buffer.from('é'.repeat(200_000)), Buffer.from(`\n${stamp} next\n`)])
    for (const size of [1000, 1_000_000]) {
      const [first, second] = readIn(long, size)
      expect(first).toEqual({ at: stamp, text: `a${'é'.repeat(32_767)}`, isCut: true })
      expect(second).toEqual({ at: stamp, text: 'next' })
    }
  })
})
