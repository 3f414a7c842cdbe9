import type { IncomingMessage } from 'node:http'
import { invalid, Problem, tooLarge } from '@karvdash/common'

/**
 * Reads a JSON body.
 * @throws Problem 413 over the limit, 415 for another content type, 400 for malformed JSON.
 */
export async function readJson(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new Problem(415, 'Unsupported media type', { detail: 'Send application/json.' })
  const text = (await readBytes(request, limitBytes)).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw invalid([{ pointer: '', detail: 'The body is not well-formed JSON.' }])
  }
}

async function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limitBytes) throw tooLarge(limitBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
