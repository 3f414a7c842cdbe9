import { Readable } from 'node:stream'
import type { Context } from 'koa'
import { stateOf } from './state.ts'

const heartbeatMs = 15_000
const checkMs = 2_000

/**
 * Sends what a generator yields as server-sent events until either side ends; `signal` tells that the client went.
 * A stream ends with the session or token that opened it.
 */
export function streamEvents(ctx: Context, events: (signal: AbortSignal) => AsyncIterable<unknown>): void {
  const gone = new AbortController()
  const stream = new Readable({ read: () => undefined })
  const stillHolds = stateOf(ctx).stillHolds ?? (async () => true)
  const comment = () => void stream.push(': still here\n\n')
  const check = async () => (await stillHolds()) || gone.abort()
  const timers = [setInterval(comment, heartbeatMs), setInterval(() => void check(), checkMs)]
  // Headers go out with the first bytes, and there may be no event for long.
  comment()
  ctx.res.once('close', () => gone.abort())
  ctx.type = 'text/event-stream'
  ctx.set('cache-control', 'no-store')
  ctx.set('x-accel-buffering', 'no')
  ctx.status = 200
  ctx.body = stream
  void pump({ stream, events: events(gone.signal), signal: gone.signal, stillHolds }).finally(() => timers.forEach(clearInterval))
}

interface Pumping {
  stream: Readable
  events: AsyncIterable<unknown>
  signal: AbortSignal
  stillHolds: () => Promise<boolean>
}

async function pump({ stream, events, signal, stillHolds }: Pumping): Promise<void> {
  try {
    for await (const event of events) {
      if (signal.aborted || !(await stillHolds())) break
      stream.push(`data: ${JSON.stringify(event)}\n\n`)
    }
    stream.push(null)
  } catch (error) {
    // The headers are out: a broken stream is the only way left to say so, and clients connect again.
    stream.destroy(error instanceof Error && !signal.aborted ? error : undefined)
  }
}
