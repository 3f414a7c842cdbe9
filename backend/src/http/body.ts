import type { IncomingMessage } from 'node:http'
import { invalid, Problem, tooLarge } from '@karvdash/common'

/**
 * Reads a JSON body; its content type is `application/json` unless others are told.
 * @throws Problem 413 over the limit, 415 for another content type, 400 for malformed JSON.
 */
export async function readJson(request: IncomingMessage, limitBytes: number, wanted = ['application/json']): Promise<unknown> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';')
  if (!wanted.includes(type.trim().toLowerCase()))
    throw new Problem(415, 'Unsupported media type', { detail: `Send ${wanted.join(' or ')}.` })
  const text = (await readBytes(request, limitBytes)).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw invalid([{ pointer: '', detail: 'The body is not well-formed JSON.' }])
  }
}

/**
 * Reads a form; a field that comes twice is refused, since two readers could read it in two ways.
 * @throws Problem 413 over the limit, 415 for another content type, 400 for a field that comes twice.
 */
export async function readForm(request: IncomingMessage, limitBytes: number): Promise<Record<string, string>> {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type))
    throw new Problem(415, 'Unsupported media type', { detail: 'Send application/x-www-form-urlencoded.' })
  return unambiguous(new URLSearchParams((await readBytes(request, limitBytes)).toString('utf8')))
}

/** Fields of a form or a query. @throws Problem 400 where one comes twice. */
export function unambiguous(fields: URLSearchParams): Record<string, string> {
  const read: Record<string, string> = Object.create(null)
  for (const [name, value] of fields) {
    if (name in read) throw invalid([{ pointer: `/${name.slice(0, 60)}`, detail: 'This field comes twice.' }])
    read[name] = value
  }
  return read
}

async function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes)
  const chunks: Buffer[] = []
  let size = 0
  // Left early, the iterator would destroy the socket, and the answer with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limitBytes) throw tooLarge(limitBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
