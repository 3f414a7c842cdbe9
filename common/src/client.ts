import type { AnyOperation, Input, Reply } from './operation.ts'
import { Problem, unavailable } from './problem.ts'

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
}

/** A client of the API; `call` throws a {@link Problem} when the answer is not what the operation promises. */
export interface Client {
  call<O extends AnyOperation>(operation: O, input?: Input<O>, options?: CallOptions): Promise<Reply<O>>
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
}: ClientOptions): Client {
  async function call<O extends AnyOperation>(operation: O, input?: Input<O>, options: CallOptions = {}): Promise<Reply<O>> {
    const parts = (input ?? {}) as { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown }
    const response = await send(url + pathOf(operation, parts.params) + queryOf(parts.query), {
      method: operation.method,
      headers: { ...headers(), ...(parts.body !== undefined && { 'content-type': 'application/json' }) },
      ...(parts.body !== undefined && { body: JSON.stringify(parts.body) }),
      ...(options.signal && { signal: options.signal }),
    }).catch((cause: unknown) => {
      if (options.signal?.aborted) throw cause
      throw unavailable('Karvdash', cause)
    })
    if (!response.ok) throw await Problem.fromResponse(response)
    const answer = operation.reply.safeParse(response.status === 204 ? undefined : await response.json())
    if (!answer.success)
      throw new Problem(502, 'Unexpected answer', { detail: `The server's answer to "${operation.summary}" was not understood.` })
    return answer.data as Reply<O>
  }
  return { call }
}

/** The path of an operation with its parameters filled in, each encoded as one segment. */
export function pathOf(operation: AnyOperation, params: Record<string, string> = {}): string {
  return operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
}

function queryOf(query: Record<string, unknown> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}
