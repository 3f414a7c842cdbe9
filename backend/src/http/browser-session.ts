import { forbidden } from '@karvdash/common'
import type { Context } from 'koa'
import { shownUser } from '../users/account.ts'
import type { SessionClaim, Sessions, SignedSession } from '../users/sessions.ts'
import type { Users } from '../users/users.ts'
import { sessionCookie } from './authentication.ts'

/** What beginning a session in a browser takes. */
export interface BrowserSessionPorts {
  users: Users
  sessions: Sessions
}

const cookieOptions = { secure: true, httpOnly: true, sameSite: 'lax', path: '/', overwrite: true } as const

/** Begins a session in the browser that asks; `actor` is the session of an admin who begins to act as the user. */
export async function begin(ctx: Context, user: string, ports: BrowserSessionPorts, actor?: SessionClaim) {
  const place = { agent: ctx.get('user-agent'), address: ctx.ip, ...(actor && { actor }) }
  const session = await ports.sessions.begin(user, place)
  setCookie(ctx, session)
  return shownSession(session.claim, ports)
}

/** Gives the browser a session. */
export function setCookie(ctx: Context, { cookie, claim }: SignedSession): void {
  ctx.cookies.set(sessionCookie, cookie, { ...cookieOptions, expires: new Date(claim.expires) })
}

/** Takes the session from the browser. */
export function forgetSession(ctx: Context): void {
  ctx.cookies.set(sessionCookie, null, cookieOptions)
}

/** A session as its page sees it. */
export function shownSession(claim: SignedSession['claim'], { users, sessions }: BrowserSessionPorts) {
  const csrf = sessions.csrfToken(claim)
  return { user: shownAccount(claim.user, users), csrf, ...(claim.actor && { actor: claim.actor.user }) }
}

/** A user as the API shows one. @throws Problem 403 where there is none any more. */
export function shownAccount(name: string, users: Pick<Users, 'known'>) {
  const user = users.known(name)
  if (!user) throw forbidden('This user is gone.')
  return shownUser(user)
}
