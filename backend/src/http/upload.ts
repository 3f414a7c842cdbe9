import { Problem, unauthenticated } from '@karvdash/common'
import type { Context } from 'koa'
import type { Conditions } from '../filesystem/conditions.ts'
import { conditionsOf } from './conditions.ts'
import { holdCheckMs, stateOf } from './state.ts'

/** Bytes that a client sends, as they come. */
export interface Upload {
  /** Each chunk is there until the next is asked for. */
  body: AsyncIterable<Uint8Array>
  /** How many bytes are announced; undefined where the client does not know. */
  size: number | undefined
  conditions: Conditions
  /** Breaks it off: what comes of it is no good to anybody any more. */
  end: () => void
}

const idleMs = 120_000

/**
 * Takes an upload: no more is read than the handler asks for, so a slow disk slows the client down.
 * @throws Problem 400 and 415 for what cannot be stored as it is sent, and whatever the handler refuses for.
 */
export async function takeUpload<T>(ctx: Context, handler: (upload: Upload) => Promise<T>): Promise<T> {
  if (!['', 'identity'].includes(ctx.get('content-encoding')))
    throw new Problem(415, 'Unsupported media type', { detail: 'Send the bytes as they are, without a content encoding.' })
  // RFC 9110 §14.5: a server that does not know partial PUT must not take the part for the whole.
  if (ctx.get('content-range') !== '')
    throw new Problem(400, 'No partial uploads', { detail: 'Send the whole file, without Content-Range.' })
  return handler({
    body: bodyOf(ctx),
    size: ctx.request.length,
    conditions: conditionsOf(ctx),
    end: () => ctx.req.destroy(),
  })
}

async function* bodyOf(ctx: Context): AsyncGenerator<Uint8Array> {
  const { stillHolds = async () => true } = stateOf(ctx)
  const insist = async () => {
    if (!(await stillHolds())) throw unauthenticated('What you signed in with ended meanwhile.')
  }
  let checkedAt = performance.now()
  ctx.req.setTimeout(idleMs, () => ctx.req.destroy(new Error('idle')))
  try {
    // Left early, the iterator would destroy the socket, and the answer with it.
    for await (const chunk of ctx.req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      yield chunk
      free(chunk)
      if (performance.now() - checkedAt < holdCheckMs) continue
      checkedAt = performance.now()
      await insist()
    }
  } catch (cause) {
    if (cause instanceof Problem || !ctx.req.destroyed) throw cause
    throw new Problem(400, 'Broken off', { detail: 'The upload broke off.', cause })
  } finally {
    ctx.req.setTimeout(0)
  }
  await insist()
}

/** Gives memory back at once: V8 lets 64 MiB of it gather before it looks for what nobody uses. A part of something larger is left alone. */
function free({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
