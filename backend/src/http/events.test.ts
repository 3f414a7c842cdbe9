import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import Koa from 'koa'
import { type OpenEvents, streamEvents } from './events.ts'

let server: Server
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** The answer of a server that sends these events; it is read when the test says so. */
async function answerOf(open: OpenEvents): Promise<IncomingMessage> {
  const app = new Koa()
  app.silent = true
  app.use((ctx) => streamEvents(ctx, open))
  server = createServer(app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const asked = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return answer
}

test('who reads slowly is waited for, and gets everything', async () => {
  let made = 0
  async function* many(): AsyncGenerator<object> {
    while (made < 400) yield { id: `e-${made++}`, text: 'x'.repeat(256 * 1024) }
  }
  const answer = await answerOf(many)
  for (let i = 0; i < 2000; i++) await turn()
  // What the kernel keeps for a connection is some megabytes; all of it would be a hundred.
  expect(made).toBeLessThan(200)
  let text = ''
  for await (const chunk of answer) text += String(chunk).replaceAll('x', '')
  expect([...text.matchAll(/^id: e-\d+\ndata: \{/gm)]).toHaveLength(400)
})

test('a source that refuses before its first event refuses the request', async () => {
  expect((await answerOf(() => Promise.reject(new Error('no')))).statusCode).toBe(500)
})

test('who goes is not waited for any longer', async () => {
  let isOver = false
  async function* endless(): AsyncGenerator<object> {
    try {
      for (;;) yield { text: 'x'.repeat(100_000) }
    } finally {
      isOver = true
    }
  }
  const answer = await answerOf(endless)
  answer.destroy()
  while (!isOver) await turn()
})
