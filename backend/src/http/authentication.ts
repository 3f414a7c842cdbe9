import { forbidden, unauthenticated, unavailable, usualScopes } from '@karvdash/common'
import type { Context, Middleware } from 'koa'
import { accessPrefix } from '../oauth/access-tokens.ts'
import type { Editors } from '../oauth/editors.ts'
import type { Sessions } from '../users/sessions.ts'
import type { SignIn } from '../users/sign-in.ts'
import type { Tokens } from '../users/tokens.ts'
import type { Users } from '../users/users.ts'
import { type Caller, stateOf } from './state.ts'

/** Name of the dashboard's session cookie: `__Host-` keeps subdomains, where tenants' code runs, from setting it. */
export const sessionCookie = '__Host-karvdash'
export const csrfHeader = 'x-karvdash-csrf'

export interface AuthenticationPorts {
  users: Users
  sessions: Sessions
  tokens: Tokens
  editors: Editors
  signIn: SignIn
  /** Whose pod shows this service-account token. @throws Problem 401. */
  podOwner: (token: string) => Promise<string>
  /** Whether we would have heard by now who was shut out. */
  isFresh: () => boolean
  /** The dashboard's own origin. */
  origin: string
}

/** Finds out who makes a request. Without credentials nobody does; with wrong ones it ends here. */
export function authentication(ports: AuthenticationPorts): Middleware {
  return async (ctx, next) => {
    const caller = await identify(ctx, ports)
    // Rather nobody than somebody who was shut out while we heard nothing.
    if (caller && !ports.isFresh()) throw unavailable('The cluster')
    if (caller) Object.assign(stateOf(ctx), { caller, stillHolds: () => stillHolds(ctx, caller, ports) })
    await next()
  }
}

async function identify(ctx: Context, ports: AuthenticationPorts): Promise<Caller | undefined> {
  const [scheme = '', credential = ''] = splitOnce(ctx.get('authorization'), ' ')
  if (scheme.toLowerCase() === 'bearer') return bearer(credential.trim(), ports)
  if (scheme.toLowerCase() === 'basic') return basic(credential.trim(), ctx, ports)
  if (scheme !== '') throw unauthenticated('Use a Bearer token, or Basic with username and password.')
  const cookie = ctx.cookies.get(sessionCookie)
  return cookie === undefined ? undefined : fromCookie(cookie, ctx, ports)
}

/** A password that was right when the stream began is not derived again; deactivating its user ends it all the same. */
async function stillHolds(ctx: Context, { user, via }: Caller, ports: AuthenticationPorts): Promise<boolean> {
  if (!ports.isFresh()) return false
  if (via.kind === 'basic') return ports.users.known(user)?.active ?? false
  return identify(ctx, ports).then(
    (caller) => caller?.user === user,
    () => false,
  )
}

async function bearer(token: string, { tokens, editors, podOwner, users }: AuthenticationPorts): Promise<Caller> {
  if (token.startsWith(accessPrefix)) return active(await editors.check(token), { kind: 'editor' }, users)
  if (!token.startsWith('kvd_')) return active({ user: await podOwner(token), scopes: usualScopes }, { kind: 'pod' }, users)
  return active(await tokens.check(token), { kind: 'token' }, users)
}

async function basic(credential: string, ctx: Context, { signIn, users }: AuthenticationPorts): Promise<Caller> {
  const [username, password = ''] = splitOnce(Buffer.from(credential, 'base64').toString('utf8'), ':')
  return active(await signIn.checkBasic({ username, password, address: ctx.ip }), { kind: 'basic' }, users)
}

async function fromCookie(cookie: string, ctx: Context, ports: AuthenticationPorts): Promise<Caller | undefined> {
  const claim = await ports.sessions.check(cookie).catch(() => undefined)
  // An old cookie is no reason to refuse what needs none, such as signing in again.
  if (!claim) return undefined
  if (!isSafe(ctx.method) && !isFromOwnPage(ctx, ports.origin)) throw forbidden('This change did not come from the dashboard.')
  if (!isSafe(ctx.method) && !ports.sessions.isCsrfToken(claim, ctx.get(csrfHeader)))
    throw forbidden('The page is out of date. Reload it.')
  const { user, actor } = claim
  if (!actor) return active({ user }, { kind: 'cookie', claim }, ports.users)
  // An admin who acts as a user does what a token could do, and only for as long as they are an admin.
  if (active({ user: actor.user }, { kind: 'cookie', claim }, ports.users).role !== 'admin') return undefined
  return active({ user, scopes: usualScopes }, { kind: 'cookie', claim }, ports.users)
}

/** Whether a browser says that the request comes from a page of this very origin. Tenants' hosts are same-site, so SameSite says nothing. */
export function isFromOwnPage(ctx: Context, origin: string): boolean {
  const site = ctx.get('sec-fetch-site')
  return ctx.get('origin') === origin && (site === '' || site === 'same-origin')
}

function active({ user: name, scopes }: Claimed, via: Caller['via'], users: Users): Caller {
  const user = users.known(name)
  if (!user?.active) throw unauthenticated('This user is not active.')
  // What runs in an admin's pod is not the admin, nor is a token that was not made for it: they act as a user, no more.
  const role = scopes === undefined || scopes.includes('admin') ? user.role : 'user'
  return { user: name, role, via, scopes }
}

type Claimed = Pick<Caller, 'user' | 'scopes'>

/** Whether a method promises to change nothing (RFC 9110 §9.2.1). */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

function splitOnce(text: string, at: string): [string, string?] {
  const index = text.indexOf(at)
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)]
}
