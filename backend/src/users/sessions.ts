import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type SessionInfo, unauthenticated } from '@karvdash/common'
import * as z from 'zod'
import type { Accounts } from './accounts.ts'
import { createSessionEntries } from './session-entries.ts'
import type { Signer } from './signer.ts'

/** Sessions of browsers. */
export interface Sessions {
  /** Begins a session of a user; gives the value of the cookie. */
  begin(user: string, place: SessionPlace): Promise<SignedSession>
  /** Whose session a cookie tells. @throws Problem 401 where it is forged, over, or ended. */
  check(cookie: string): Promise<SessionClaim>
  /** Whether a session of ours holds still: not over, not ended. */
  holds(claim: SessionClaim): Promise<boolean>
  list(claim: SessionClaim | { user: string }): Promise<SessionInfo[]>
  /** The cookie of a session again: for the admin who no longer acts as somebody else. */
  cookieOf(claim: SessionClaim): string
  /** Ends one session of a user, or all of them. @throws Problem 404 where there is none of that id. */
  end(user: string, id?: string): Promise<void>
  /** The token that a page sends back with each change. */
  csrfToken(claim: SessionClaim): string
  isCsrfToken(claim: SessionClaim, token: string): boolean
}

/** Where a session begins, as people recognise it in a list. */
export interface SessionPlace {
  agent: string
  address: string
  /** The session of the admin who begins to act as the user. */
  actor?: SessionClaim
}

const OwnClaim = z.object({
  user: z.string(),
  /** Names the session in the user's account: one that is not listed there has ended. */
  session: z.string(),
  /** ms since 1970. */
  expires: z.number(),
})

/** A session as the cookie tells it. An admin's who acts as a user is over when the admin's own is. */
export const SessionClaim = OwnClaim.extend({ actor: OwnClaim.optional() })
export type SessionClaim = z.infer<typeof SessionClaim>

export interface SignedSession {
  cookie: string
  claim: SessionClaim
}

const hourMs = 3600_000
/** However much it is used, a session ends after a week. */
const lifetimeMs = 7 * 24 * hourMs
const actingMs = hourMs

export interface SessionsPorts {
  accounts: Accounts
  signer: Signer
  clock?: () => number
}

/** Sessions as signed cookies; which of them still hold stands in the user's account. */
export function createSessions({ accounts, signer: { sign, verify, mac }, clock = Date.now }: SessionsPorts): Sessions {
  const entries = createSessionEntries({ accounts, clock })
  async function begin(user: string, { agent, address, actor }: SessionPlace): Promise<SignedSession> {
    const expires = clock() + (actor ? actingMs : lifetimeMs)
    const claim: SessionClaim = { user, session: randomBytes(16).toString('hex'), expires, ...(actor && { actor }) }
    const described = { agent: agent.slice(0, 200), address: address.slice(0, 45), ...(actor && { actor: actor.user }) }
    await entries.add(user, { id: claim.session, ...described })
    return { cookie: sign('session', claim), claim }
  }
  async function holds({ user, session, expires, actor }: SessionClaim): Promise<boolean> {
    if (expires < clock() || (actor && !(await holds(actor)))) return false
    const begunAt = expires - (actor ? actingMs : lifetimeMs)
    return entries.isUsed(user, { id: session, begunAt })
  }
  async function check(cookie: string): Promise<SessionClaim> {
    const claim = SessionClaim.safeParse(verify('session', cookie))
    if (!claim.success || !(await holds(claim.data))) throw unauthenticated('The session is over. Sign in again.')
    return claim.data
  }
  const csrfToken = ({ session }: SessionClaim) => mac('csrf', session).toString('base64url')
  return {
    begin,
    check,
    holds,
    async list(asked) {
      const current = 'session' in asked ? asked.session : undefined
      return (await entries.list(asked.user)).map((entry) => ({ ...entry, current: entry.id === current }))
    },
    cookieOf: (claim) => sign('session', claim),
    end: entries.end,
    csrfToken,
    isCsrfToken: (claim, token) => timingSafeEqual(mac('compare', token), mac('compare', csrfToken(claim))),
  }
}
