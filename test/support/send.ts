import type { Readable } from 'node:stream'
import { Agent, request } from 'undici'

/** An answer, read to its end. */
export interface Answer {
  status: number
  headers: Record<string, string | undefined>
  cookies: string[]
  text: string
  /** The body as JSON, undefined where it is none. */
  body: unknown
}

export interface Sent {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  headers?: Record<string, string>
  /** An object goes as JSON, anything else as it is. */
  body?: object | string | Readable | undefined
}

/** The backend's own certificate names it as the cluster does, not as this machine does. */
const unchecked = new Agent({ connect: { rejectUnauthorized: false } })

/** Sends a request with just these headers: `fetch` would add some that only browsers send. */
export async function send(url: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> {
  const isRaw = typeof body === 'string' || (body !== undefined && 'pipe' in body)
  const response = await request(url, {
    method,
    ...(url.startsWith('https:') && { dispatcher: unchecked }),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : isRaw ? (body as string | Readable) : JSON.stringify(body),
  })
  const text = await response.body.text()
  const cookies = [response.headers['set-cookie'] ?? []].flat()
  const single = Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value])
  return { status: response.statusCode, headers: Object.fromEntries(single), cookies, text, body: jsonOf(text) }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
