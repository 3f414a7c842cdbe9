import { describe, expect, test } from '@jest/globals'
import { socketFetch } from './socket-fetch.ts'
import { type ToldSocket, toldSocket } from './testing-socket.ts'

const bytes = (text: string) => new TextEncoder().encode(text).buffer
const begin = (status: number, type = 'text/event-stream') => JSON.stringify({ status, type })

function begun(signal?: AbortSignal) {
  const socket: ToldSocket = toldSocket('ws://lab/streams/api/services/events')
  return { socket, answer: socketFetch(() => socket, socket.url, signal) }
}

describe('a stream by WebSocket', () => {
  test('is answered as the platform answers, and is what it says', async () => {
    const { socket, answer } = begun()
    socket.message(begin(200))
    const response = await answer
    socket.message(bytes('data: 1\n'))
    socket.message(bytes('\n'))
    socket.end(1000)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    expect(await response.text()).toBe('data: 1\n\n')
  })

  test('a refusal is one', async () => {
    const { socket, answer } = begun()
    socket.message(begin(404, 'application/problem+json'))
    socket.message(bytes('{"title":"Not found","status":404}'))
    socket.end(1000)
    expect(await (await answer).json()).toEqual({ title: 'Not found', status: 404 })
  })

  test('fails where it does not open, and where it breaks', async () => {
    const refused = begun()
    refused.socket.end(1006)
    await expect(refused.answer).rejects.toThrow('The connection was lost.')
    const broken = begun()
    broken.socket.message(begin(200))
    const text = (await broken.answer).text()
    broken.socket.end(1014)
    await expect(text).rejects.toThrow('The connection was lost.')
  })

  test('whoever stops listening closes it', async () => {
    const stop = new AbortController()
    const { socket, answer } = begun(stop.signal)
    socket.message(begin(200))
    const text = (await answer).text()
    stop.abort(new Error('enough'))
    await expect(text).rejects.toThrow('enough')
    expect(socket.closed).toBeUndefined()
    const other = begun()
    other.socket.message(begin(200))
    await (await other.answer).body?.cancel()
    expect(other.socket.closed).toBeUndefined()
  })

  test.each(['{"status":9}', 'x', new ArrayBuffer(2)])('attack: what begins it otherwise is not read: %j', async (message) => {
    const { socket, answer } = begun()
    socket.message(message)
    await expect(answer).rejects.toThrow('not understood')
    expect(socket.closed).toBeUndefined()
  })
})
