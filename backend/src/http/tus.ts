import { createHash } from 'node:crypto'
import { invalid, Problem } from '@karvdash/common'
import type { Context, Middleware } from 'koa'
import type { Progress } from '../filesystem/resumable.ts'
import type { Upload } from './upload.ts'

/*
 * The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload); what is quoted here is its text.
 */
const version = '1.0.0'
const algorithms = ['sha1', 'sha256', 'md5']
const contentType = 'application/offset+octet-stream'
const uploads = /^\/api\/storage\/[^/]+\/uploads(\/|$)/

/** What pages of other origins may send, and read of the answers. */
export const tusRequestHeaders = [
  ...['tus-resumable', 'upload-length', 'upload-offset', 'upload-metadata', 'upload-checksum', 'x-http-method-override'],
]
export const tusAnswerHeaders = [
  ...[
    'tus-resumable',
    'tus-version',
    'tus-extension',
    'tus-checksum-algorithm',
    'upload-offset',
    'upload-length',
    'upload-expires',
  ],
]

/** Speaks tus where uploads are: tells what there is of it, and takes a method by header from who cannot send it. */
export function tus(): Middleware {
  return async (ctx, next) => {
    if (!uploads.test(ctx.path)) return next()
    ctx.set('tus-resumable', version)
    if (ctx.method === 'OPTIONS') return discover(ctx)
    // "If the version specified by the Client is not supported by the Server, it MUST respond with the 412 Precondition Failed status".
    if (ctx.get('tus-resumable') !== version) throw unknownVersion(ctx)
    const meant = ctx.get('x-http-method-override').toUpperCase()
    // Never by what a browser sends without asking first, nor to what is taken for harmless.
    if (ctx.method === 'POST' && ['PATCH', 'DELETE'].includes(meant)) ctx.method = meant
    await next()
  }
}

function discover(ctx: Context): void {
  ctx.set('tus-version', version)
  ctx.set('tus-extension', 'creation,creation-with-upload,termination,checksum,expiration')
  ctx.set('tus-checksum-algorithm', algorithms.join(','))
  ctx.status = 204
}

function unknownVersion(ctx: Context): Problem {
  ctx.set('tus-version', version)
  return new Problem(412, 'Unknown version', { detail: `Send the header Tus-Resumable: ${version}.` })
}

/** The bytes of the whole file. @throws Problem 400 where they are not told. */
export function uploadLength(ctx: Context): number {
  if (ctx.get('upload-defer-length') !== '' || ctx.get('upload-concat') !== '')
    throw new Problem(400, 'Not offered', {
      detail: 'Send the Upload-Length of the whole file: deferring it, and concatenation, are not offered.',
    })
  return wholeNumber(ctx, 'Upload-Length')
}

/** Where the bytes of this request go. @throws Problem 400, 415. */
export function uploadOffset(ctx: Context): number {
  insistOnType(ctx)
  return wholeNumber(ctx, 'Upload-Offset')
}

/** Whether a creation brings the first bytes with it. @throws Problem 415. */
export function bringsBytes(ctx: Context, { size }: Upload): boolean {
  if (size === 0 || (size === undefined && ctx.get('transfer-encoding') === '')) return false
  insistOnType(ctx)
  return true
}

function insistOnType(ctx: Context): void {
  if (ctx.get('content-type').trim().toLowerCase() === contentType) return
  throw new Problem(415, 'Unsupported media type', { detail: `Send the bytes as Content-Type: ${contentType}.` })
}

function wholeNumber(ctx: Context, name: string): number {
  const text = ctx.get(name)
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  throw invalid([{ pointer: `/header/${name}`, detail: `${name} is one whole number of bytes.` }])
}

/** Bytes, and whether they were the ones that the client says. */
export interface Checked {
  source: AsyncIterable<Uint8Array>
  isIntact?: () => boolean
}

/** Looks at bytes as they pass where an Upload-Checksum tells what they are. @throws Problem 400 for an algorithm that there is not. */
export function checked(ctx: Context, source: AsyncIterable<Uint8Array>): Checked {
  const header = ctx.get('upload-checksum')
  if (header === '') return { source }
  const [algorithm = '', expected = ''] = header.split(' ')
  if (!algorithms.includes(algorithm) || !/^[A-Za-z0-9+/]+={0,2}$/.test(expected))
    throw new Problem(400, 'Unknown checksum', {
      detail: `Upload-Checksum is ${algorithms.join(', ')} and the digest in Base64.`,
    })
  const hash = createHash(algorithm)
  async function* passed() {
    for await (const chunk of source) {
      hash.update(chunk)
      yield chunk
    }
  }
  return { source: passed(), isIntact: () => hash.digest('base64') === expected }
}

/** Tells how far an upload is. */
export function tellProgress(ctx: Context, { offset, expires, entry }: Progress): void {
  ctx.set('upload-offset', String(offset))
  if (entry) ctx.set('etag', entry.etag)
  else ctx.set('upload-expires', new Date(expires).toUTCString())
}
