import { extname } from 'node:path'
import { Problem } from '@karvdash/common'
import type { Context } from 'koa'
import { differs, insist } from '../filesystem/conditions.ts'
import type { OpenFile } from '../filesystem/read.ts'
import { conditionsOf } from './conditions.ts'
import { type ByteRange, rangeIn } from './range.ts'
import { holdCheckMs, stateOf } from './state.ts'

/** Sends a file, or the range of it that is asked for; closes it in any case. Whatever a tenant put in it, no browser runs it on our origin. */
export async function sendFile(ctx: Context, file: OpenFile): Promise<void> {
  let isSending = false
  try {
    const range = settle(ctx, file)
    if (!range) return
    // What the answer has not passed on to the kernel yet, its head included.
    ctx.body = file.stream(range, () => ctx.res.writableLength)
    ctx.length = range.last + 1 - range.first
    isSending = true
    endWithCaller(ctx)
  } finally {
    if (!isSending) await file.close()
  }
}

/** Decides what is sent; undefined where headers alone are. @throws Problem 412, 416. */
function settle(ctx: Context, { entry }: OpenFile): ByteRange | undefined {
  const conditions = conditionsOf(ctx)
  insist({ ifMatch: conditions.ifMatch }, entry.name, entry.etag)
  const hasItAlready = !differs(conditions, entry.etag)
  const isRange = ctx.method === 'GET' && !hasItAlready && isRangeMeant(ctx, entry.etag)
  const range = isRange ? rangeIn(ctx.get('range'), entry.size) : undefined
  if (range === 'none') {
    ctx.set('content-range', `bytes */${entry.size}`)
    throw new Problem(416, 'No such range', { detail: `The file has ${entry.size} bytes.` })
  }
  describe(ctx, entry)
  ctx.status = hasItAlready ? 304 : range ? 206 : 200
  if (range) ctx.set('content-range', `bytes ${range.first}-${range.last}/${entry.size}`)
  if (ctx.method !== 'HEAD' && !hasItAlready) return range ?? { first: 0, last: entry.size - 1 }
  ctx.length = entry.size
  return undefined
}

/** RFC 9110 §13.1.5: a range of something else than what the client has a part of is of no use to it. */
function isRangeMeant(ctx: Context, etag: string): boolean {
  return ['', etag].includes(ctx.get('if-range'))
}

function describe(ctx: Context, { name, etag, modified }: OpenFile['entry']): void {
  ctx.set('etag', etag)
  ctx.set('last-modified', new Date(modified).toUTCString())
  ctx.set('accept-ranges', 'bytes')
  ctx.set('cache-control', 'private, no-cache')
  ctx.set('content-security-policy', "sandbox; default-src 'none'")
  attach(ctx, name)
  ctx.type = extname(name)
  if (ctx.type === '') ctx.type = 'application/octet-stream'
}

/** Has browsers save what is sent under a name. Beyond ASCII they read one of ISO 8859-1 in ways of their own, so it is told as RFC 8187 does. */
export function attach(ctx: Context, name: string): void {
  ctx.attachment(name, { fallback: name.replace(/[^\x20-\x7e]/g, '?') })
}

/** A session or token that ends takes its downloads with it. */
export function endWithCaller(ctx: Context): void {
  if (ctx.res.closed) return
  const { stillHolds = async () => true } = stateOf(ctx)
  const timer = setInterval(() => void stillHolds().then((holds) => holds || ctx.res.destroy()), holdCheckMs)
  ctx.res.once('close', () => clearInterval(timer))
}
