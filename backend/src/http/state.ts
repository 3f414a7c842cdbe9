import { forbidden, type TokenScope, unauthenticated } from '@karvdash/common'
import type { Context } from 'koa'
import type { Credential } from '../users/credential.ts'
import type { SessionClaim } from '../users/sessions.ts'

/** Who makes a request, and by what they showed it. */
export interface Caller {
  user: string
  role: 'user' | 'admin'
  via: { kind: 'cookie'; claim: SessionClaim } | { kind: 'token' } | { kind: 'editor' } | { kind: 'basic' } | { kind: 'pod' }
  /** What the credential may do; undefined for somebody who signed in themselves, who may do all that their role may. */
  scopes?: readonly TokenScope[] | undefined
}

/** How often what is under way asks whether who began it still may: all of it has ended within two seconds of what ended it. */
export const holdCheckMs = 1_000

/** The facts about a request that middleware found out. */
export interface State {
  requestId: string
  caller?: Caller
  /** What they showed. */
  credential?: Credential
  /** Whether what let the caller in still would: asked again while an answer is being streamed. */
  stillHolds?: () => Promise<boolean>
  /** Name of the operation, for the log. */
  operation?: string
  /** Whether it changes something, as far as its method tells. */
  isChange?: boolean
  /** What it is done to, for the audit log. */
  target?: string | undefined
  /** Who it is about where nobody is signed in: who tries to sign in. */
  subject?: string
}

/** The typed facts of a request. */
export function stateOf(ctx: Context): State {
  return ctx.state as State
}

/** Who makes this request. @throws Problem 401 where nobody is signed in. */
export function callerOf(ctx: Context): Caller {
  const { caller } = stateOf(ctx)
  if (!caller) throw unauthenticated()
  return caller
}

/** What whoever makes this request showed. @throws Problem 401 where nobody is signed in. */
export function credentialOf(ctx: Context): Credential {
  const { credential } = stateOf(ctx)
  if (!credential) throw unauthenticated()
  return credential
}

/** The session of a page. @throws Problem 403 where the caller came by a token or a password. */
export function sessionOf(ctx: Context): SessionClaim {
  const { via } = callerOf(ctx)
  if (via.kind !== 'cookie') throw forbidden('Only a signed-in browser has a session.')
  return via.claim
}
