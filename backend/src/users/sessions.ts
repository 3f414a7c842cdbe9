import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { unauthenticated } from '@karvdash/common'
import * as z from 'zod'
import { type Account, mostSessions } from './account.ts'
import type { Accounts } from './accounts.ts'

/** Sessions, and other short signed statements. */
export interface Sessions {
  /** Begins a session of a user; gives the value of the cookie. */
  begin(user: string): Promise<SignedSession>
  /** Whose session a cookie tells. @throws Problem 401 where it is forged, over, or ended. */
  check(cookie: string): Promise<SessionClaim>
  /** Whether a session of ours holds still: not over, not ended. */
  holds(claim: SessionClaim): Promise<boolean>
  end(claim: SessionClaim): Promise<void>
  /** The token that a page sends back with each change. */
  csrfToken(claim: SessionClaim): string
  isCsrfToken(claim: SessionClaim, token: string): boolean
  /** Signs a statement for one purpose alone. */
  sign(purpose: string, claim: object): string
  /** Reads a statement signed for this purpose; undefined where the signature is not ours. */
  verify(purpose: string, text: string): unknown
}

/** A session as the cookie tells it. */
export interface SessionClaim {
  user: string
  /** Names the session in the user's account: one that is not listed there has ended. */
  session: string
  /** ms since 1970. */
  expires: number
}

export interface SignedSession {
  cookie: string
  claim: SessionClaim
}

const lifetimeMs = 12 * 3600_000
const replicationMs = 10_000
const Claim = z.object({ user: z.string(), session: z.string(), expires: z.number() })

export interface SessionsPorts {
  accounts: Accounts
  /** At least 32 random bytes, the same on every replica. */
  key: Buffer
  clock?: () => number
}

/** Sessions as signed cookies; which of them still hold stands in the user's account. */
export function createSessions({ accounts, key, clock = Date.now }: SessionsPorts): Sessions {
  const mac = (purpose: string, text: string) => createHmac('sha256', key).update(`${purpose}\0${text}`).digest()

  function sign(purpose: string, claim: object): string {
    const text = Buffer.from(JSON.stringify(claim)).toString('base64url')
    return `${text}.${mac(purpose, text).toString('base64url')}`
  }
  function verify(purpose: string, signed: string): unknown {
    const [text = '', signature = ''] = signed.split('.')
    const given = Buffer.from(signature, 'base64url')
    const expected = mac(purpose, text)
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  }
  async function begin(user: string): Promise<SignedSession> {
    const now = clock()
    const claim = { user, session: randomBytes(16).toString('hex'), expires: now + lifetimeMs }
    const entry = { id: claim.session, createdAt: new Date(now).toISOString(), seenAt: new Date(now).toISOString() }
    await accounts.update(user, (account) => ({ ...account, sessions: [...account.sessions, entry].slice(-mostSessions) }))
    return { cookie: sign('session', claim), claim }
  }
  async function check(cookie: string): Promise<SessionClaim> {
    const claim = Claim.safeParse(verify('session', cookie))
    if (!claim.success || !(await holds(claim.data))) throw unauthenticated('The session is over. Sign in again.')
    return claim.data
  }
  async function holds({ user, session, expires }: SessionClaim): Promise<boolean> {
    if (expires < clock()) return false
    const lists = (account: Account | undefined) => account?.sessions.some(({ id }) => id === session) ?? false
    if (lists(accounts.known(user))) return true
    // A session that another replica began a moment ago may not have reached our cache yet.
    return expires - lifetimeMs > clock() - replicationMs && lists(await accounts.fresh(user))
  }
  const csrfToken = ({ session }: SessionClaim) => mac('csrf', session).toString('base64url')
  return {
    begin,
    check,
    holds,
    end: ({ user, session }) =>
      accounts.update(user, (account) => ({ ...account, sessions: account.sessions.filter(({ id }) => id !== session) })),
    csrfToken,
    isCsrfToken: (claim, token) => timingSafeEqual(mac('compare', token), mac('compare', csrfToken(claim))),
    sign,
    verify,
  }
}
