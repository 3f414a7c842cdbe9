import { Agent, type Dispatcher, request } from 'undici'
import type { Authorization, RegistryAccess } from './authorization.ts'
import { boundedBytes } from './bounded.ts'
import { away, nonsense, refused } from './failures.ts'

/** One request to the registry. */
export interface RegistryCall {
  method: Dispatcher.HttpMethod
  /** With its query; below the registry's origin. */
  path: string
  access: readonly RegistryAccess[]
  headers?: Record<string, string>
  body?: Buffer | AsyncIterable<Uint8Array>
  signal?: AbortSignal | undefined
  /** How long the answer may take to begin, where that is not the usual. */
  patienceMs?: number
  /** Statuses that are answers; for others a Problem is thrown. */
  accepted: readonly number[]
  /** What does not go on where the registry refuses: it continues "The registry does not let …". */
  what: string
}

/** An answer whose body must be read or dropped. */
export type RegistryAnswer = Dispatcher.ResponseData

/** Asks the registry. @throws Problem what failures.ts tells; the signal's reason. */
export type Send = (call: RegistryCall) => Promise<RegistryAnswer>

export interface TransportPorts {
  /** The registry's origin. */
  url: string
  authorization: Authorization
  /** How long an answer may take to begin, and to go on; 20 s unless told. */
  patienceMs?: number
}

const mostConnections = 64
const mostRedirects = 5
const refusalBytes = 64 * 1024
const redirects = [301, 302, 303, 307, 308]

/** Opens connections to the registry, over one pool. */
export function createTransport({ url, authorization, patienceMs = 20_000 }: TransportPorts): Send {
  const dispatcher = new Agent({
    connections: mostConnections,
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
    connect: { timeout: patienceMs },
  })
  const once = async (call: RegistryCall, credential: string | undefined) => {
    const { method, path, headers = {}, body, signal, patienceMs: headersTimeout = patienceMs } = call
    const shown = { 'user-agent': 'karvdash', ...headers, ...(credential !== undefined && { authorization: credential }) }
    return answerOf(call, () =>
      request(`${url}${path}`, {
        dispatcher,
        method,
        headers: shown,
        body: asBody(body),
        headersTimeout,
        signal: signal ?? null,
      }),
    )
  }
  const authorized = async (call: RegistryCall) => {
    const answer = await once(call, await authorization.headerFor(call.access))
    if (answer.statusCode !== 401 || !isRepeatable(call)) return answer
    const credential = await authorization.answerTo(headerOf(answer, 'www-authenticate') ?? '', call.access)
    if (credential === undefined) return answer
    await dropped(answer)
    return once(call, credential)
  }
  return async (call) => {
    const answer = await followed(await authorized(call), call, { url, dispatcher })
    if (call.accepted.includes(answer.statusCode)) return answer
    const text = await boundedBytes(answer.body, refusalBytes).catch(() => Buffer.alloc(0))
    throw refused({ status: answer.statusCode, text: text.toString() }, call.what)
  }
}

/** The first value of a header. */
export function headerOf({ headers }: Pick<RegistryAnswer, 'headers'>, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Reads an answer to its end for nothing, so that its connection can be used again. */
export async function dropped(answer: RegistryAnswer): Promise<void> {
  await answer.body.dump().catch(() => undefined)
}

async function answerOf({ signal }: RegistryCall, ask: () => Promise<RegistryAnswer>): Promise<RegistryAnswer> {
  try {
    return await ask()
  } catch (error) {
    signal?.throwIfAborted()
    throw away(error)
  }
}

/** Undici takes whatever can be iterated, and reads no faster than the registry takes; its types do not say so. */
function asBody(body: RegistryCall['body']): Buffer | null {
  return (body ?? null) as Buffer | null
}

function isRepeatable({ body }: RegistryCall): boolean {
  return body === undefined || Buffer.isBuffer(body)
}

/** What lies in a storage beside the registry is got from there, by the address that the registry signed: without its credentials. */
async function followed(
  first: RegistryAnswer,
  call: RegistryCall,
  { url, dispatcher }: { url: string; dispatcher: Agent },
): Promise<RegistryAnswer> {
  let [answer, at] = [first, new URL(call.path, url)]
  for (let step = 0; redirects.includes(answer.statusCode) && ['GET', 'HEAD'].includes(call.method); step++) {
    const location = headerOf(answer, 'location') ?? ''
    await dropped(answer)
    if (step === mostRedirects || !URL.canParse(location, at.href)) throw nonsense('it redirects without end, or nowhere')
    at = new URL(location, at)
    if (at.protocol !== 'https:' && at.protocol !== new URL(url).protocol) throw nonsense('it redirects to where nothing is safe')
    const { method, headers = {}, signal } = call
    answer = await answerOf(call, () => request(at, { dispatcher, method, headers, signal: signal ?? null }))
  }
  return answer
}
