import type { Readable } from 'node:stream'
import { unavailable } from '@karvdash/common'
import { Agent, request } from 'undici'
import type { Signer } from '../../users/signer.ts'
import type { TokenAccess } from '../access/tokens.ts'
import type { Authorization, RegistryAccess } from '../authorization.ts'
import { nonsense } from '../failures.ts'
import type { Asked } from './asked.ts'
import { answerHeaders, locationOf, requestHeaders, uploadAt } from './headers.ts'

/** A request that may pass. */
export interface Passing extends Asked {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Of the client. */
  headers: Record<string, string | string[] | undefined>
  body: Readable
  /** Of a client that went. */
  signal: AbortSignal
}

/** What the external registry answers, as its client may see it. */
export interface Passed {
  status: number
  headers: Record<string, string>
  body: Readable
}

/** Passes requests on to the external registry, as streams. @throws Problem 404 for an upload that is none, 502, 503. */
export type Forward = (passing: Passing) => Promise<Passed>

export interface ForwardPorts {
  /** The external registry's origin. */
  url: string
  authorization: Authorization
  signer: Pick<Signer, 'seal' | 'unseal'>
}

/** Putting a large layer together takes registries a while. */
const answerMs = 600_000
const silenceMs = 300_000

/** Makes the function. What a client sends is not kept, so that it cannot be sent twice: how the registry wants to be asked is found out before. */
export function createForward({ url, authorization, signer }: ForwardPorts): Forward {
  const dispatcher = new Agent({
    connections: 256,
    headersTimeout: answerMs,
    bodyTimeout: silenceMs,
    connect: { timeout: 20_000 },
  })
  const away = (cause: unknown) => unavailable('The registry', cause)
  let learnt: Promise<void> | undefined
  async function learn(): Promise<void> {
    const credential = await authorization.headerFor([])
    const headers = credential === undefined ? {} : { authorization: credential }
    const { statusCode, headers: told, body } = await request(`${url}/v2/`, { dispatcher, headers })
    await body.dump()
    if (statusCode === 401) await authorization.answerTo(String(told['www-authenticate'] ?? ''), [])
  }
  async function credentialFor(access: readonly TokenAccess[]): Promise<string | undefined> {
    learnt ??= learn().catch((error: unknown) => {
      learnt = undefined
      throw away(error)
    })
    await learnt
    return authorization.headerFor(access.map(asRegistryAccess))
  }
  return async (passing) => {
    const target = targetOf(passing, url, signer)
    const credential = await credentialFor(passing.access)
    const { method, signal } = passing
    const headers = { ...requestHeaders(passing.headers), ...(credential !== undefined && { authorization: credential }) }
    const body = hasBody(passing) ? passing.body : null
    const answer = await request(target, { dispatcher, method, headers, body, signal }).catch((error: unknown) => {
      throw away(error)
    })
    // The client's own login is right: it must not be asked for another.
    if (answer.statusCode === 401) {
      await answer.body.dump()
      learnt = undefined
      throw away(new Error('The registry does not take the platform’s credentials (registry.external)'))
    }
    const seal = (place: string) => signer.seal('registry-upload', { place, repository: passing.repository })
    const location = locationOf(answer.headers['location'], { asked: target, passing, seal })
    return { status: answer.statusCode, headers: { ...answerHeaders(answer.headers, url), ...location }, body: answer.body }
  }
}

/** RFC 9112 §6.3: a request has one where it tells its length, or that it comes in chunks. */
function hasBody({ headers }: Passing): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function targetOf(passing: Passing, url: string, signer: ForwardPorts['signer']): URL {
  const { upload, repository, path, query } = passing
  const target = upload === undefined ? new URL(`${url}${path}`) : uploadAt(signer.unseal('registry-upload', upload), repository)
  // What is sealed is ours, but the credentials are for this registry alone, whatever it told.
  if (target.origin !== url) throw nonsense('it takes uploads elsewhere')
  for (const [name, value] of query) target.searchParams.append(name, value)
  return target
}

function asRegistryAccess({ type, name, actions }: TokenAccess): RegistryAccess {
  return { ...(type === 'repository' && { repository: name }), actions: actions as RegistryAccess['actions'] }
}
