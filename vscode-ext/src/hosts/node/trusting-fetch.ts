import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { Readable } from 'node:stream'

/**
 * A `fetch` that trusts these authorities. VS Code replaces Node's own by one that knows the system's authorities alone, and neither
 * NODE_EXTRA_CA_CERTS nor those of a pod; its `https` leaves to callers whom they trust, and still finds the proxy.
 */
export function trustingFetch(ca: string[]): typeof fetch {
  return (input, init = {}) =>
    String(input).startsWith('https:')
      ? send(new Request(String(input), { ...withoutBody(init) }), init.body ?? null, ca)
      : fetch(input, init)
}

function send({ url, method, headers, signal }: Request, body: Body, ca: string[]): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: Object.fromEntries(headers), signal, ca }, (answer) =>
      resolve(responseOf(answer)),
    )
    sent.on('error', (cause) => reject(new TypeError('fetch failed', { cause })))
    sent.end(bytesOf(body))
  })
}

function responseOf(answer: IncomingMessage): Response {
  const { statusCode: status = 502, statusMessage: statusText = '', rawHeaders } = answer
  const headers = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  // "null body status" (WHATWG fetch §2.2.3): a Response of these has no body.
  const isEmpty = [204, 205, 304].includes(status)
  if (isEmpty) answer.resume()
  return new Response(isEmpty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array<ArrayBuffer>>), {
    status,
    statusText,
    headers,
  })
}

type Body = NonNullable<RequestInit['body']> | null

/** What the client sends: JSON, or the bytes of a file. */
function bytesOf(body: Body): string | Uint8Array | undefined {
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) return body ?? undefined
  throw new TypeError('Only texts and bytes are sent')
}

function withoutBody({ body: _, ...rest }: RequestInit): RequestInit {
  return rest
}
