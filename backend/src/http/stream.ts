import type { Readable } from 'node:stream'
import type { Context } from 'koa'
import { attach, endWithCaller } from './download.ts'

/** A file that is made while it is sent, so that nobody knows how long it will be. */
export interface SentStream {
  /** What browsers offer to save it as. */
  name: string
  type: string
  stream: Readable
}

/** Sends a stream; what goes wrong on the way breaks the connection off, so that nobody takes a part for the whole. */
export function sendStream(ctx: Context, { name, type, stream }: SentStream): void {
  ctx.set('cache-control', 'no-store')
  ctx.set('content-security-policy', "sandbox; default-src 'none'")
  attach(ctx, name)
  ctx.type = type
  ctx.status = 200
  if (ctx.method === 'HEAD') return void stream.destroy()
  stream.once('error', () => ctx.res.destroy())
  ctx.res.once('close', () => stream.destroy())
  ctx.body = stream
  // Setting a body sets the type of any stream.
  ctx.type = type
  endWithCaller(ctx)
}
