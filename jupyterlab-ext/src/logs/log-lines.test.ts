import { describe, expect, test } from '@jest/globals'
import { createLogLines } from './log-lines.ts'

const line = (number: number, container = 'web') => ({ pod: 'p', container, at: `t${number}`, text: `line ${number}` })
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => line(from + index))

describe('the lines of a log', () => {
  test('are kept up to the newest so many, in order', () => {
    const log = createLogLines(3)
    expect(log.add(lines(0, 2))).toMatchObject({ gone: 0, added: [{ text: 'line 0' }, { text: 'line 1' }] })
    expect([log.count, log.isCut]).toEqual([2, false])
    expect(log.add(lines(2, 4)).gone).toBe(1)
    expect([log.count, log.isCut, log.text()]).toEqual([3, true, 't1 line 1\nt2 line 2\nt3 line 3\n'])
  })

  test('of more at once than are kept, the newest', () => {
    const log = createLogLines(3)
    log.add(lines(0, 2))
    expect(log.add(lines(2, 12))).toMatchObject({ gone: 2, added: [{ text: 'line 9' }, {}, {}] })
    expect([log.count, log.isCut]).toEqual([3, true])
  })

  test('tell where they are from where there are several', () => {
    const log = createLogLines()
    log.add([line(0)])
    expect(log.isMixed).toBe(false)
    log.add([line(1, 'sidecar')])
    expect([log.isMixed, log.text()]).toEqual([true, 't0 p web line 0\nt1 p sidecar line 1\n'])
    log.clear()
    expect([log.count, log.isMixed, log.text()]).toEqual([0, false, ''])
  })

  test('that were cut say so', () => {
    const log = createLogLines()
    log.add([{ ...line(0), isCut: true }])
    expect(log.text()).toBe('t0 line 0 […]\n')
  })

  test('attack: a line is shown as text, without what moves cursors or turns the direction of writing', () => {
    const log = createLogLines()
    log.add([{ ...line(0), text: '\u001b[2Jred\u202etxt' }])
    expect(log.text()).toBe('t0 red‹U+202E›txt\n')
  })
})
