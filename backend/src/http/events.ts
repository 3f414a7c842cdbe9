import { Readable } from 'node:stream'
import type { Context } from 'koa'
import { holdCheckMs, stateOf } from './state.ts'

const heartbeatMs = 15_000

/** Gives the events of one stream; where it is refused, by what it throws before the first. The signal tells that the client went. */
export type OpenEvents = (signal: AbortSignal) => AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>

/**
 * Sends what a generator yields as server-sent events until either side ends. An event with a member `id` is sent under it, so that a
 * browser's EventSource says by itself, in Last-Event-ID, where it goes on. A stream ends with the session or token that opened it.
 */
export async function streamEvents(ctx: Context, open: OpenEvents): Promise<void> {
  const gone = new AbortController()
  ctx.res.once('close', () => gone.abort())
  const events = await open(gone.signal)
  const { stream, send } = createOutput(gone.signal)
  const stillHolds = stateOf(ctx).stillHolds ?? (async () => true)
  const comment = () => void stream.push(': still here\n\n')
  const check = async () => (await stillHolds()) || gone.abort()
  const timers = [setInterval(comment, heartbeatMs), setInterval(() => void check(), holdCheckMs)]
  // Headers go out with the first bytes, and there may be no event for long.
  comment()
  ctx.type = 'text/event-stream'
  ctx.set('cache-control', 'no-store')
  ctx.set('x-accel-buffering', 'no')
  ctx.status = 200
  ctx.body = stream
  void pump({ stream, events, send, signal: gone.signal, stillHolds }).finally(() => timers.forEach(clearInterval))
}

/** Whoever reads slowly is waited for: what is not sent yet is kept by the source, which bounds it. */
function createOutput(signal: AbortSignal): Pick<Pumping, 'stream' | 'send'> {
  let drained: () => void = () => undefined
  signal.addEventListener('abort', () => drained(), { once: true })
  const stream = new Readable({ read: () => drained() })
  const send = async (text: string) => {
    if (stream.push(text) || signal.aborted) return
    await new Promise<void>((resolve) => {
      drained = resolve
    })
  }
  return { stream, send }
}

interface Pumping {
  stream: Readable
  events: AsyncIterable<unknown>
  send: (text: string) => Promise<void>
  signal: AbortSignal
  stillHolds: () => Promise<boolean>
}

async function pump({ stream, events, send, signal, stillHolds }: Pumping): Promise<void> {
  try {
    for await (const event of events) {
      if (signal.aborted || !(await stillHolds())) break
      await send(`${idOf(event)}data: ${JSON.stringify(event)}\n\n`)
    }
    stream.push(null)
  } catch (error) {
    // The headers are out: a broken stream is the only way left to say so, and clients connect again.
    stream.destroy(error instanceof Error && !signal.aborted ? error : undefined)
  }
}

function idOf(event: unknown): string {
  if (typeof event !== 'object' || event === null || !('id' in event)) return ''
  return `id: ${event.id}\n`
}
