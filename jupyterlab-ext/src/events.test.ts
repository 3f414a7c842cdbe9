import { expect, test } from '@jest/globals'
import { eventsIn } from './events.ts'

test('events come whole, however the bytes are cut, and comments are not events', async () => {
  const bytes = new TextEncoder().encode(
    ': still here\n\ndata: {"a":"ü"}\n\nid: 1\r\ndata: one\r\ndata: two\r\n\r\ndata: cut off',
  )
  for (const size of [1, 3, 7, bytes.length]) {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size))
        controller.close()
      },
    })
    const events: string[] = []
    for await (const event of eventsIn(stream)) events.push(event)
    expect(events).toEqual(['{"a":"ü"}', 'one\ntwo'])
  }
})
