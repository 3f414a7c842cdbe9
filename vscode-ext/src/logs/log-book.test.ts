import { describe, expect, test } from '@jest/globals'
import type { LogLine } from '@karvdash/common'
import { createLogBook, mostLines } from './log-book.ts'

const line = (text: string, container = 'web'): LogLine => ({ pod: 'hello-1', container, at: '2026-01-01T00:00:00Z', text })

describe('the log that is shown', () => {
  test('is the lines as they came, without names where there is one container', () => {
    const book = createLogBook()
    expect(book.text()).toBe('[Nothing is printed so far.]\n')
    book.hear({ type: 'lines', lines: [line('one'), line('two')] })
    book.hear({ type: 'ended', pod: 'hello-1', container: 'web', run: '1' })
    expect(book.text()).toBe('one\ntwo\n[web of hello-1 ended.]\n')
  })

  test('names the containers as soon as there are two', () => {
    const book = createLogBook()
    book.hear({ type: 'lines', lines: [line('one')] })
    book.hear({ type: 'lines', lines: [line('two', 'proxy')] })
    expect(book.text()).toBe('hello-1 web | one\nhello-1 proxy | two\n')
  })

  test('keeps the newest lines, and says that older ones are left out', () => {
    const book = createLogBook()
    book.hear({ type: 'lines', lines: Array.from({ length: mostLines + 10 }, (_, index) => line(`line ${index}`)) })
    const [first, second, ...more] = book.text().split('\n')
    expect([first, second, more.length]).toEqual(['[Older lines are left out here. Save Logs… has them.]', 'line 10', mostLines])
  })

  test('attack: lines that are as long as lines may be do not fill the memory', () => {
    const book = createLogBook()
    for (let batch = 0; batch < 50; batch++)
      book.hear({ type: 'lines', lines: Array.from({ length: 10 }, () => line('x'.repeat(65_536))) })
    expect(book.text().length).toBeLessThan(5 * 2 ** 20)
  })

  test('attack: what is meant for a terminal or turns the direction of writing is not obeyed', () => {
    const book = createLogBook()
    book.hear({ type: 'lines', lines: [line('\u001b[2Ja\u202eb')] })
    expect(book.text()).toBe('a‹U+202E›b\n')
  })

  test('a remark stands below all lines for as long as it holds', () => {
    const book = createLogBook()
    book.remark('The connection was lost. It is tried again by itself.')
    book.hear({ type: 'lines', lines: [line('one')] })
    expect(book.text()).toBe('one\n[The connection was lost. It is tried again by itself.]\n')
    book.remark(undefined)
    expect(book.text()).toBe('one\n')
  })
})
