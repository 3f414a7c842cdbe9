import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type EditorRequest, invalid, TokenScope, usualScopes } from '@karvdash/common'
import * as z from 'zod'
import type { UseOnce } from '../users/once.ts'
import type { Signer } from '../users/signer.ts'
import { clientOf, mayRedirect } from './clients.ts'
import type { EditorDraft } from './editors.ts'
import { OAuthFailure } from './failure.ts'

/** The authorization code grant with PKCE (RFC 6749 §4.1, RFC 7636, S256 alone as OAuth 2.1 has it). */
export interface Codes {
  /** Reads what an editor opened the browser with; gives the address where people decide. @throws OAuthFailure, AddressedFailure. */
  ask(query: Record<string, string>): string
  /** What a request is about. @throws Problem 400 where it is forged or too old. */
  describe(request: string): EditorRequest
  /** Where the browser goes after the decision. */
  decide(decision: { request: string; isApproved: boolean; user: string }): string
  /** Who is signed in by a code; each is good for one use. @throws OAuthFailure. */
  redeem(form: Record<string, string>): Promise<EditorDraft>
}

/** A failure that the editor itself can be told, at its redirect address. */
export class AddressedFailure extends OAuthFailure {
  readonly location: string

  constructor(failure: OAuthFailure, location: string) {
    super(failure.code, failure.message)
    this.location = location
  }
}

const decidingMs = 600_000
const codeMs = 60_000
const Request = z.object({
  client: z.string(),
  redirect: z.string(),
  state: z.string().optional(),
  challenge: z.string(),
  scopes: z.array(TokenScope),
  machine: z.string(),
  until: z.number(),
})
type Request = z.infer<typeof Request>
const Code = Request.extend({ id: z.string(), user: z.string() })

/** base64url of a SHA-256, without padding (RFC 7636 §4.2). */
const challengeForm = /^[A-Za-z0-9_-]{43}$/
const verifierForm = /^[A-Za-z0-9._~-]{43,128}$/

export interface CodesPorts {
  signer: Signer
  useOnce: UseOnce
  /** Signs out the editor of a code that was redeemed twice. */
  onReplay: (user: string, id: string) => Promise<void>
  /** The dashboard's own origin, which is the issuer. */
  origin: string
  clock?: () => number
}

/** Requests and codes as signed statements: nothing is stored until a code is used. */
export function createCodes({ signer, useOnce, onReplay, origin, clock = Date.now }: CodesPorts): Codes {
  function read(request: string): Request {
    const parsed = Request.safeParse(signer.verify('oauth-request', request))
    if (parsed.success && parsed.data.until > clock()) return parsed.data
    throw invalid([{ pointer: '/request', detail: 'This request is too old. Begin again in your editor.' }])
  }
  return {
    ask(query) {
      const request = { ...readRequest(query, origin), until: clock() + decidingMs }
      return `${origin}/#/connect-editor?request=${signer.sign('oauth-request', request)}`
    },
    describe(request) {
      const { client, machine, scopes, redirect } = read(request)
      return { client: clientOf(client)?.name ?? client, machine, scopes, place: placeOf(redirect) }
    },
    decide({ request, isApproved, user }) {
      const asked = read(request)
      if (!isApproved) return answerAt(asked, origin, { error: 'access_denied' })
      const id = randomBytes(8).toString('hex')
      const code = signer.sign('oauth-code', { ...asked, id, user, until: clock() + codeMs })
      return answerAt(asked, origin, { code })
    },
    async redeem({ code = '', client_id: client, redirect_uri: redirect, code_verifier: verifier = '' }) {
      const refused = () => new OAuthFailure('invalid_grant', 'This code is not valid, or not any more.')
      const parsed = Code.safeParse(signer.verify('oauth-code', code))
      if (!parsed.success || parsed.data.until < clock()) throw refused()
      const { id, user, machine, scopes, challenge } = parsed.data
      if (parsed.data.client !== client || parsed.data.redirect !== redirect || !isVerifierOf(verifier, challenge))
        throw refused()
      if (!(await useOnce(id))) {
        // RFC 6749 §4.1.2: "SHOULD revoke (when possible) all tokens previously issued based on that authorization code".
        await onReplay(user, id)
        throw refused()
      }
      return { id, user, client: parsed.data.client, machine, scopes }
    },
  }
}

function readRequest(query: Record<string, string>, origin: string): Omit<Request, 'until'> {
  const { client_id: id = '', redirect_uri: redirect = '', state, machine = '' } = query
  const client = clientOf(id)
  // RFC 6749 §4.1.2.1: such a browser "MUST NOT" be sent on.
  if (!client) throw new OAuthFailure('invalid_client', 'This program is not known here.')
  if (!mayRedirect(client, redirect)) throw new OAuthFailure('invalid_request', 'This program has no such address.')
  try {
    const challenge = readChallenge(query)
    return {
      client: id,
      redirect,
      ...(state !== undefined && { state }),
      challenge,
      scopes: readScopes(query['scope']),
      machine: machineOf(machine),
    }
  } catch (error) {
    if (!(error instanceof OAuthFailure)) throw error
    throw new AddressedFailure(
      error,
      answerAt({ redirect, state }, origin, { error: error.code, error_description: error.message }),
    )
  }
}

function readChallenge({
  response_type: type,
  code_challenge: challenge = '',
  code_challenge_method: method,
}: Record<string, string>): string {
  if (type !== 'code') throw new OAuthFailure('unsupported_response_type', 'Ask for a code.')
  if (method !== 'S256' || !challengeForm.test(challenge))
    throw new OAuthFailure('invalid_request', 'PKCE with S256 is required.')
  return challenge
}

/** What an editor may ask for: never what only admins may. @throws OAuthFailure. */
export function readScopes(scope: string | undefined): TokenScope[] {
  const wanted = (scope ?? '').split(' ').filter((one) => one !== '')
  if (wanted.length === 0) return usualScopes
  const parsed = z
    .array(TokenScope.exclude(['admin']))
    .max(5)
    .safeParse([...new Set(wanted)])
  if (!parsed.success) throw new OAuthFailure('invalid_scope', 'The scopes are files, services, images and read-only.')
  return parsed.data
}

/** What an editor says of its machine, as far as it can be shown to people. */
export function machineOf(text: string): string {
  return text.replace(/[^\p{L}\p{N} ._-]/gu, '').slice(0, 60)
}

function isVerifierOf(verifier: string, challenge: string): boolean {
  const computed = createHash('sha256').update(verifier).digest('base64url')
  return verifierForm.test(verifier) && timingSafeEqual(Buffer.from(computed), Buffer.from(challenge))
}

/** An editor's own scheme has no origin. */
function placeOf(redirect: string): string {
  const { protocol, host } = new URL(redirect)
  return `${protocol}//${host}`
}

/** RFC 9207: `iss` tells the editor who answers, against mixed-up servers. */
function answerAt(
  { redirect, state }: Pick<Request, 'redirect' | 'state'>,
  issuer: string,
  answer: Record<string, string>,
): string {
  return `${redirect}?${new URLSearchParams({ ...answer, ...(state !== undefined && { state }), iss: issuer })}`
}
