import type { AnyOperation, Input, Reply } from './operation.ts'
import { invalid, Problem, unavailable } from './problem.ts'

/** Where and as whom a client calls. */
export interface ClientOptions {
  /** The origin of the dashboard, or '' for the page's own. */
  url: string
  /** Headers of each call, asked anew each time: a bearer token, or the CSRF token of a page. */
  headers?: () => Record<string, string>
  fetch?: typeof fetch
}

/** What a call may be given besides the operation's own input. */
export interface CallOptions {
  signal?: AbortSignal
  /** An entry's etag: go on only while it is still that (else Problem 412). */
  ifMatch?: string
  /** `*`: go on only where there is nothing yet (else Problem 412); a download with an etag answers 304 where nothing changed. */
  ifNoneMatch?: string
  /** The last event that came, for a stream of events to go on after it. */
  lastEventId?: string
}

/** What a download may be given. */
export interface DownloadOptions extends CallOptions {
  /** The first and the last byte wanted, both counted from 0; without a last one, all from the first on. */
  range?: { first: number; last?: number }
}

/** What an exchange sends. */
export interface ExchangeOptions extends CallOptions {
  headers: Record<string, string>
  body?: UploadBody
}

/** What an upload may send. Streams need Node, or a browser that speaks HTTP/2 to the server. */
export type UploadBody = Blob | Uint8Array<ArrayBuffer> | ArrayBuffer | string | ReadableStream<Uint8Array>

/** A client of the API; `call` throws a {@link Problem} when the answer is not what the operation promises. */
export interface Client {
  call<O extends AnyOperation>(operation: O, input?: Input<O>, options?: CallOptions): Promise<Reply<O>>
}

/** A client that moves bytes too. */
export interface TransferClient extends Client {
  /**
   * Fetches bytes: 200, 206 for a range, or 304 where `ifNoneMatch` says that the caller has them already.
   * @example
   * const response = await client.download(contract.readFile, { params: { domain: 'local' }, query: { path: 'a/b.txt' } })
   * const [bytes, etag] = [await response.bytes(), response.headers.get('etag')]
   * @throws Problem whatever the server refused for.
   */
  download<O extends AnyOperation>(operation: O, input: Input<O>, options?: DownloadOptions): Promise<Response>
  /**
   * Sends bytes.
   * @example
   * const { etag } = await client.upload(contract.writeFile, { params, query }, bytes, { ifMatch: entry.etag })
   * @throws Problem 412 where a condition does not hold; `extra.etag` then is what the entry has now.
   */
  upload<O extends AnyOperation>(operation: O, input: Input<O>, body: UploadBody, options?: CallOptions): Promise<Reply<O>>
  /** Sends a request and gives the answer as it is, for what is said in headers. @throws Problem whatever the server refused for. */
  exchange<O extends AnyOperation>(operation: O, input: Input<O>, options: ExchangeOptions): Promise<Response>
}

/**
 * Makes a client.
 * @example
 * const { items } = await createClient({ url: 'https://karvdash.example.org' }).call(contract.listServices, {})
 */
export function createClient({
  url,
  headers = () => ({}),
  fetch: send = globalThis.fetch.bind(globalThis),
}: ClientOptions): TransferClient {
  async function answerTo(operation: AnyOperation, input: unknown, request: Sending): Promise<Response> {
    const { params, query } = (input ?? {}) as Parts
    const { body, options, more } = request
    const response = await send(url + pathOf(operation, params) + queryOf(query), {
      method: operation.method,
      headers: { ...headers(), ...conditions(options), ...more },
      ...(body !== undefined && { body }),
      // fetch (WHATWG) §5.4: a stream may only be sent by who says that the answer comes after it.
      ...(body instanceof ReadableStream && { duplex: 'half' }),
      ...(options.signal && { signal: options.signal }),
    }).catch((cause: unknown) => {
      if (options.signal?.aborted) throw cause
      throw unavailable('Karvdash', cause)
    })
    if (!response.ok && response.status !== 304) throw await Problem.fromResponse(response)
    return response
  }
  return {
    async call(operation, input, options = {}) {
      const { body } = (input ?? {}) as Parts
      const json = body !== undefined && { body: JSON.stringify(body), more: { 'content-type': 'application/json' } }
      return replyIn(await answerTo(operation, input, { options, ...json }), operation)
    },
    download: (operation, input, options = {}) => answerTo(operation, input, { options, more: rangeHeader(options.range) }),
    async upload(operation, input, body, options = {}) {
      const more = { 'content-type': 'application/octet-stream' }
      return replyIn(await answerTo(operation, input, { options, body, more }), operation)
    },
    exchange: (operation, input, { headers: more, body, ...options }) =>
      answerTo(operation, input, { options, more, ...(body !== undefined && { body }) }),
  }
}

interface Parts {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
}

interface Sending {
  options: CallOptions
  body?: UploadBody
  more?: Record<string, string>
}

/** The path of an operation with its parameters filled in, each encoded as one segment. @throws Problem 400 where that cannot be. */
export function pathOf(operation: AnyOperation, params: Record<string, string> = {}): string {
  return operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? ''
    // URL (WHATWG) §4.1: these segments are resolved away, however they are encoded, and another operation would be called.
    if (value === '' || value === '.' || value === '..')
      throw invalid([{ pointer: `/path/${name}`, detail: `"${value}" cannot be the ${name}.` }])
    return encodeURIComponent(value)
  })
}

function queryOf(query: Record<string, unknown> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, String(one)]))
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

function conditions({ ifMatch, ifNoneMatch, lastEventId }: CallOptions): Record<string, string> {
  return {
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  }
}

function rangeHeader(range: DownloadOptions['range']): Record<string, string> {
  return range ? { range: `bytes=${range.first}-${range.last ?? ''}` } : {}
}

async function replyIn<O extends AnyOperation>(response: Response, operation: O): Promise<Reply<O>> {
  // Something between us and the server may answer with a page of its own.
  const answer = operation.reply.safeParse(response.status === 204 ? undefined : await response.json().catch(() => undefined))
  if (answer.success) return answer.data as Reply<O>
  throw new Problem(502, 'Unexpected answer', { detail: `The server's answer to "${operation.summary}" was not understood.` })
}
