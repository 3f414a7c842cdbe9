import { Digest, Problem, TagName } from '@karvdash/common'
import type { RegistryTokens, TokenAccess, TokenClaim } from '../access/tokens.ts'
import type { Book } from '../book.ts'
import { type Asked, askedOf, isEnough } from './asked.ts'
import type { Forward, Passed, Passing } from './forward.ts'

/** A request of the OCI distribution API, as it comes. */
export interface Coming extends Pick<Passing, 'headers' | 'body' | 'signal'> {
  method: string
  path: string
  query: URLSearchParams
  /** Of the header `Authorization`, where it is `Bearer`. */
  token: string | undefined
}

/** What became of it: what the registry answers, and who asked for which change of what. */
export interface Went {
  /** Undefined where there is nothing to pass on: somebody asks whether they are let in. */
  passed: Passed | undefined
  subject: string
  change: Pick<Change, 'operation' | 'target'> | undefined
}

/** Lets in by our tokens, and passes on. @throws Denied, Problem 404, 502, 503. */
export type Gateway = (coming: Coming) => Promise<Went>

/** 401, with what it takes. */
export class Denied extends Problem {
  readonly challenge: string

  constructor(challenge: string) {
    super(401, 'Not signed in', { detail: 'Log in to the registry first, as somebody who may do this.' })
    this.challenge = challenge
  }
}

export interface GatewayPorts {
  tokens: Pick<RegistryTokens, 'verify'>
  forward: Forward
  book: Pick<Book, 'note' | 'forget'>
  /** The registry, as it stands in references. */
  host: string
}

/** Stands before an external registry: who may do what is asked of the very same tokens as in front of the cluster's own. */
export function createGateway({ tokens, forward, book, host }: GatewayPorts): Gateway {
  const denied = (wanted: readonly TokenAccess[], error?: string) => new Denied(challengeOf(host, wanted, error))
  async function admitted(token: string | undefined, wanted: readonly TokenAccess[]): Promise<TokenClaim> {
    if (token === undefined) throw denied(wanted)
    const claim = await tokens.verify(token).catch(() => {
      throw denied(wanted, 'invalid_token')
    })
    if (!isEnough(claim.access, wanted)) throw denied(wanted, 'insufficient_scope')
    return claim
  }
  return async (coming) => {
    const { method, path, query, token } = coming
    if (path === '/v2/' || path === '/v2') {
      const { subject } = await admitted(token, [])
      return { passed: undefined, subject, change: undefined }
    }
    const asked = askedOf(method, path, query)
    if (!asked)
      throw token === undefined
        ? denied([])
        : new Problem(404, 'Not found', { detail: 'Registries have nothing at this address.' })
    const { subject } = await admitted(token, asked.access)
    const passed = await forward({ ...coming, ...asked, method: method as Passing['method'] })
    const change = changeOf(asked, method, passed)
    if (change) await noted(book, { ...change, by: subject, passed })
    return { passed, subject, change }
  }
}

interface Change {
  operation: 'PUT /v2/manifests' | 'DELETE /v2/manifests'
  target: string
  repository: string
  reference: string
}

/** A manifest that was written or deleted: the rest is seen of nobody. */
function changeOf({ repository, reference }: Asked, method: string, { status }: Passed): Change | undefined {
  if (repository === undefined || reference === undefined || status >= 300 || !['PUT', 'DELETE'].includes(method))
    return undefined
  const operation = method === 'PUT' ? 'PUT /v2/manifests' : 'DELETE /v2/manifests'
  return { operation, target: `${repository}${reference.includes(':') ? '@' : ':'}${reference}`, repository, reference }
}

type Noted = Change & { by: string; passed: Passed }

async function noted(book: GatewayPorts['book'], { operation, repository, reference, by, passed }: Noted): Promise<void> {
  const isDeletion = operation === 'DELETE /v2/manifests'
  const digest = Digest.safeParse(isDeletion ? reference : passed.headers['docker-content-digest'])
  if (!digest.success) return
  if (isDeletion) return book.forget(repository, digest.data)
  const tag = TagName.safeParse(reference)
  if (tag.success) await book.note({ repository, by, tags: [{ tag: tag.data, digest: digest.data }] })
}

/** As RFC 6750 §3 has it, and distribution writes it. */
function challengeOf(host: string, wanted: readonly TokenAccess[], error: string | undefined): string {
  const scope = wanted.map(({ type, name, actions }) => `${type}:${name}:${actions.join(',')}`).join(' ')
  const more = [scope && `,scope="${scope}"`, error && `,error="${error}"`].filter(Boolean).join('')
  return `Bearer realm="https://${host}/registry/token",service="${host}"${more}`
}
