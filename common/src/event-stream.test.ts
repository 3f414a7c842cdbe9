import { describe, expect, test } from '@jest/globals'
import { createEventParser, readEvents } from './event-stream.ts'

const encoder = new TextEncoder()

describe('the stream of events', () => {
  test.each([
    ['one event', 'data: {"a":1}\n\n', ['{"a":1}']],
    ['comments and other fields', ': still here\n\nid: 1\nevent: x\ndata: y\nretry: 5\n\n', ['y']],
    ['several lines', 'data: a\ndata: b\n\n', ['a\nb']],
    ['no space, and two', 'data:a\n\ndata:  b\n\n', ['a', ' b']],
    ['carriage returns', 'data: a\r\n\r\ndata: b\r\rdata: c\n\n', ['a', 'b', 'c']],
    ['an event that was cut off', 'data: a\n\ndata: b\n', ['a']],
    ['nothing', '\n\n: \n\n', []],
  ])('with %s is read, wherever it is cut', (_, text, expected) => {
    for (let at = 0; at <= text.length; at++) {
      const parse = createEventParser()
      expect([...parse(text.slice(0, at)), ...parse(text.slice(at))]).toEqual(expected)
    }
  })

  test('is read through characters that are cut in two', async () => {
    const bytes = encoder.encode('data: 🚀\n\n')
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const events: string[] = []
    for await (const event of readEvents(stream)) events.push(event)
    expect(events).toEqual(['🚀'])
  })

  test('is let go by whoever stops listening', async () => {
    let isLetGo = false
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(encoder.encode('data: a\n\n')),
      cancel() {
        isLetGo = true
      },
    })
    for await (const _ of readEvents(stream)) break
    expect(isLetGo).toBe(true)
  })
})
