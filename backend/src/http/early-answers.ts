import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Middleware } from 'koa'

const lingerMs = 2_000

/**
 * Answers whoever still sends a body that nobody wants. A connection that is closed with bytes unread is reset, and a proxy that was about
 * to send more of them has lost the answer then (RFC 9112 §9.6): so it is closed a moment after the answer, and till then they are read
 * and forgotten.
 */
export function earlyAnswers(): Middleware {
  return async (ctx, next) => {
    await next()
    const answer = ctx.body
    if (ctx.req.complete || typeof answer !== 'string') return
    ctx.set('connection', 'close')
    ctx.body = Readable.from(lingering(answer, ctx.req))
    ctx.length = Buffer.byteLength(answer)
  }
}

async function* lingering(answer: string, request: IncomingMessage): AsyncGenerator<string> {
  yield answer
  if (request.complete || request.destroyed) return
  const given = new AbortController()
  const ended = new Promise((resolve) => request.once('end', resolve).once('close', resolve))
  request.resume()
  await Promise.race([ended, sleep(lingerMs, undefined, { signal: given.signal }).catch(() => undefined)])
  given.abort()
}
