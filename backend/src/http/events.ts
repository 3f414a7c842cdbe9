import { Readable } from 'node:stream'
import type { Context } from 'koa'

const heartbeatMs = 15_000

/** Sends what a generator yields as server-sent events until either side ends; `signal` tells that the client went. */
export function streamEvents(ctx: Context, events: (signal: AbortSignal) => AsyncIterable<unknown>): void {
  const gone = new AbortController()
  const stream = new Readable({ read: () => undefined })
  const heartbeat = setInterval(() => stream.push(': still here\n\n'), heartbeatMs)
  ctx.res.once('close', () => gone.abort())
  ctx.type = 'text/event-stream'
  ctx.set('cache-control', 'no-store')
  ctx.set('x-accel-buffering', 'no')
  ctx.status = 200
  ctx.body = stream
  void pump(stream, events(gone.signal), gone.signal).finally(() => clearInterval(heartbeat))
}

async function pump(stream: Readable, events: AsyncIterable<unknown>, signal: AbortSignal): Promise<void> {
  try {
    for await (const event of events) {
      if (signal.aborted) break
      stream.push(`data: ${JSON.stringify(event)}\n\n`)
    }
    stream.push(null)
  } catch (error) {
    // The headers are out: a broken stream is the only way left to say so, and clients connect again.
    stream.destroy(error instanceof Error && !signal.aborted ? error : undefined)
  }
}
