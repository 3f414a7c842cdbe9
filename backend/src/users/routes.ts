import { contract, forbidden, invalid, Problem } from '@karvdash/common'
import type { Context } from 'koa'
import { isFromOwnPage, sessionCookie } from '../http/authentication.ts'
import type { Binder } from '../http/bind.ts'
import { callerOf, sessionOf } from '../http/state.ts'
import { page } from '../page-of.ts'
import { shownUser } from './account.ts'
import type { Sessions, SignedSession } from './sessions.ts'
import type { SignIn } from './sign-in.ts'
import type { Throttle } from './throttle.ts'
import type { Tokens } from './tokens.ts'
import type { Users } from './users.ts'

export interface UserRoutePorts {
  users: Users
  sessions: Sessions
  tokens: Tokens
  signIn: SignIn
  /** Slows down sign-ups of one address. */
  signUps: Throttle
  /** The dashboard's own origin. */
  origin: string
}

/** Sessions, accounts and users. */
export function userRoutes({ bind }: Binder, ports: UserRoutePorts): void {
  const { users, sessions, tokens, signIn, signUps } = ports
  bind(contract.getSession, (_, ctx) => shownSession(sessionOf(ctx), ports))
  bind(contract.signIn, async ({ body }, ctx) => {
    refuseForeignPage(ctx, ports.origin)
    if (!ctx.secure)
      throw new Problem(400, 'Not secure', { detail: 'Sign in over HTTPS: a browser keeps the session over it alone.' })
    return begin(ctx, await signIn.check({ ...body, address: ctx.ip }), ports)
  })
  bind(contract.signOut, async (_, ctx) => {
    const { user, session } = sessionOf(ctx)
    await sessions.end(user, session)
    ctx.cookies.set(sessionCookie, null, cookieOptions)
  })
  bind(contract.getAccount, (_, ctx) => shownAccount(callerOf(ctx).user, users))
  bind(contract.changePassword, async ({ body }, ctx) => {
    const { user, via } = callerOf(ctx)
    await signIn.check({ username: user, password: body.current, address: ctx.ip }).catch(wrongField)
    await users.changePassword(user, body)
    if (via.kind === 'cookie') await begin(ctx, user, ports)
  })
  bind(contract.changeProfile, async ({ body }, ctx) => shownUser(await users.change(callerOf(ctx).user, body)))
  bind(contract.listSessions, async (_, ctx) => {
    const { user, via } = callerOf(ctx)
    return { items: await sessions.list(via.kind === 'cookie' ? via.claim : { user }) }
  })
  bind(contract.endSession, ({ params }, ctx) => sessions.end(callerOf(ctx).user, params.session))
  bind(contract.endSessions, async (_, ctx) => {
    await sessions.end(callerOf(ctx).user)
    ctx.cookies.set(sessionCookie, null, cookieOptions)
  })
  bind(contract.listTokens, async (_, ctx) => ({ items: await tokens.list(callerOf(ctx).user) }))
  bind(contract.createToken, ({ body }, ctx) => tokens.create(callerOf(ctx).user, body))
  bind(contract.deleteToken, ({ params }, ctx) => tokens.remove(callerOf(ctx).user, params.token))
  bind(contract.deleteTokens, (_, ctx) => tokens.remove(callerOf(ctx).user))
  bind(contract.signUp, async ({ body }, ctx) => {
    refuseForeignPage(ctx, ports.origin)
    signUps.take(ctx.ip)
    await users.signUp(body)
    return { name: body.username, active: false }
  })
  // Who waits to be activated comes first.
  bind(contract.listUsers, ({ query }) => {
    const all = users.list().map((user) => ({ key: `${user.active ? 1 : 0}${user.name}`, item: shownUser(user) }))
    return page(all, query)
  })
  bind(contract.changeUser, async ({ params, body }, ctx) => {
    const { user } = callerOf(ctx)
    if (user === params.user) throw forbidden('Another administrator has to change you, so that one is always left.')
    return shownUser(await users.change(params.user, body))
  })
}

const cookieOptions = { secure: true, httpOnly: true, sameSite: 'lax', path: '/', overwrite: true } as const

async function begin(ctx: Context, user: string, ports: UserRoutePorts) {
  const session = await ports.sessions.begin(user, { agent: ctx.get('user-agent'), address: ctx.ip })
  ctx.cookies.set(sessionCookie, session.cookie, { ...cookieOptions, expires: new Date(session.claim.expires) })
  return shownSession(session.claim, ports)
}

function shownSession(claim: SignedSession['claim'], { users, sessions }: UserRoutePorts) {
  const csrf = sessions.csrfToken(claim)
  return { user: shownAccount(claim.user, users), csrf, ...(claim.actor && { actor: claim.actor.user }) }
}

function shownAccount(name: string, users: Users) {
  const user = users.known(name)
  if (!user) throw forbidden('This user is gone.')
  return shownUser(user)
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
