import { contract, forbidden, invalid, Problem } from '@karvdash/common'
import type { Context } from 'koa'
import { isFromOwnPage } from '../http/authentication.ts'
import type { Binder } from '../http/bind.ts'
import { begin, forgetSession, setCookie, shownAccount, shownSession } from '../http/browser-session.ts'
import { callerOf, sessionOf, stateOf } from '../http/state.ts'
import type { PasswordLinks } from './password-links.ts'
import type { Sessions } from './sessions.ts'
import type { SignIn } from './sign-in.ts'
import type { Throttle } from './throttle.ts'
import type { Users } from './users.ts'

export interface UserRoutePorts {
  users: Users
  sessions: Sessions
  signIn: SignIn
  passwordLinks: PasswordLinks
  /** Slows down sign-ups of one address. */
  signUps: Throttle
  /** The dashboard's own origin. */
  origin: string
}

/** Sessions, accounts and users. */
export function userRoutes({ bind }: Binder, ports: UserRoutePorts): void {
  const { users, sessions, signIn, signUps, passwordLinks } = ports
  bind(contract.getSession, (_, ctx) => shownSession(sessionOf(ctx), ports))
  bind(contract.signIn, async ({ body }, ctx) => {
    refuseForeignPage(ctx, ports.origin)
    if (!ctx.secure)
      throw new Problem(400, 'Not secure', { detail: 'Sign in over HTTPS: a browser keeps the session over it alone.' })
    // Who mistypes may have put their password there: only the name of somebody there is gets into a log.
    if (users.known(body.username)) stateOf(ctx).subject = body.username
    return begin(ctx, await signIn.check({ ...body, address: ctx.ip }), ports)
  })
  bind(contract.signOut, async (_, ctx) => {
    const { user, session, actor } = sessionOf(ctx)
    await sessions.end(user, session)
    if (actor) setCookie(ctx, { cookie: sessions.cookieOf(actor), claim: actor })
    else forgetSession(ctx)
  })
  bind(contract.getAccount, (_, ctx) => shownAccount(callerOf(ctx).user, users))
  bind(contract.changePassword, async ({ body }, ctx) => {
    const { user, via } = callerOf(ctx)
    await signIn.check({ username: user, password: body.current, address: ctx.ip }).catch(wrongField)
    await users.changePassword(user, body)
    if (via.kind === 'cookie') await begin(ctx, user, ports)
  })
  bind(contract.signUp, async ({ body }, ctx) => {
    refuseForeignPage(ctx, ports.origin)
    signUps.take(ctx.ip)
    stateOf(ctx).subject = body.username
    await users.signUp(body)
    return { name: body.username, active: false }
  })
  bind(contract.choosePassword, async ({ body }, ctx) => {
    refuseForeignPage(ctx, ports.origin)
    signUps.take(ctx.ip)
    const username = await passwordLinks.choose(body)
    stateOf(ctx).subject = username
    return { username }
  })
}

/** Who is signed in already has not lost the session by a slip in one field. */
function wrongField(error: unknown): never {
  const isWrong = error instanceof Problem && error.status === 401
  throw isWrong ? invalid([{ pointer: '/current', detail: 'The current password is wrong.' }]) : error
}

/** Signing somebody in to an account of the attacker's is an attack too. */
function refuseForeignPage(ctx: Context, origin: string): void {
  if ((ctx.get('origin') !== '' || ctx.get('sec-fetch-site') !== '') && !isFromOwnPage(ctx, origin)) {
    throw forbidden('This did not come from the dashboard.')
  }
}
