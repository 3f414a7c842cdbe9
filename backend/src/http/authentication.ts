import { forbidden, unauthenticated, unavailable, usualScopes } from '@karvdash/common'
import type { Context, Middleware } from 'koa'
import { accessPrefix } from '../oauth/access-tokens.ts'
import type { Editors } from '../oauth/editors.ts'
import type { Credential } from '../users/credential.ts'
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
  /** Whether the pod is still there that showed such a token. */
  podHolds: (token: string) => Promise<boolean>
  /** Whether we would have heard by now who was shut out. */
  isFresh: () => boolean
  /** The dashboard's own origin. */
  origin: string
}

/** Finds out who makes a request. Without credentials nobody does; with wrong ones it ends here. */
export function authentication(ports: AuthenticationPorts): Middleware {
  const callerBy = createCallerBy(ports)
  return async (ctx, next) => {
    const identified = await identify(ctx, ports)
    // Rather nobody than somebody who was shut out while we heard nothing.
    if (identified && !ports.isFresh()) throw unavailable('The cluster')
    if (identified) {
      const { caller, credential } = identified
      const stillHolds = async () => (await callerBy(credential))?.user === caller.user
      Object.assign(stateOf(ctx), { caller, credential, stillHolds })
    }
    await next()
  }
}

/** Who a credential lets in now; undefined where it does not any more, or where we might not have heard of that. */
export type CallerBy = (credential: Credential) => Promise<Caller | undefined>

/** Makes the function that asks again. */
export function createCallerBy(ports: AuthenticationPorts): CallerBy {
  return async (credential) => {
    if (!ports.isFresh()) return undefined
    return letIn(credential, ports).catch(() => undefined)
  }
}

async function letIn(credential: Credential, ports: AuthenticationPorts): Promise<Caller | undefined> {
  const { users, tokens, editors, podHolds } = ports
  switch (credential.kind) {
    case 'cookie':
      return fromCookie(credential.cookie, ports)
    case 'token':
      return active(await tokens.check(credential.token), { kind: 'token' }, users)
    case 'editor':
      return active(await editors.holder(credential.token), { kind: 'editor' }, users)
    case 'password':
      return active({ user: credential.user }, { kind: 'basic' }, users)
    case 'pod':
      return (await podHolds(credential.token))
        ? active({ ...credential, scopes: usualScopes }, { kind: 'pod' }, users)
        : undefined
  }
}

interface Identified {
  caller: Caller
  credential: Credential
}

async function identify(ctx: Context, ports: AuthenticationPorts): Promise<Identified | undefined> {
  const [scheme = '', shown = ''] = splitOnce(ctx.get('authorization'), ' ')
  if (scheme.toLowerCase() === 'bearer') return bearer(shown.trim(), ports)
  if (scheme.toLowerCase() === 'basic') return basic(shown.trim(), ctx, ports)
  if (scheme !== '') throw unauthenticated('Use a Bearer token, or Basic with username and password.')
  const cookie = ctx.cookies.get(sessionCookie)
  const caller = cookie === undefined ? undefined : await fromCookie(cookie, ports)
  if (cookie === undefined || !caller) return undefined
  if (!isSafe(ctx.method)) insistOnOwnPage(ctx, caller, ports)
  return { caller, credential: { kind: 'cookie', cookie } }
}

async function bearer(token: string, { tokens, editors, podOwner, users }: AuthenticationPorts): Promise<Identified> {
  if (token.startsWith(accessPrefix)) {
    const caller = active(await editors.check(token), { kind: 'editor' }, users)
    return { caller, credential: { kind: 'editor', token } }
  }
  if (token.startsWith('kvd_')) {
    const caller = active(await tokens.check(token), { kind: 'token' }, users)
    return { caller, credential: { kind: 'token', token } }
  }
  const user = await podOwner(token)
  return { caller: active({ user, scopes: usualScopes }, { kind: 'pod' }, users), credential: { kind: 'pod', user, token } }
}

async function basic(shown: string, ctx: Context, { signIn, users }: AuthenticationPorts): Promise<Identified> {
  const [username, password = ''] = splitOnce(Buffer.from(shown, 'base64').toString('utf8'), ':')
  const claimed = await signIn.checkBasic({ username, password, address: ctx.ip })
  const caller = active(claimed, { kind: 'basic' }, users)
  const isToken = claimed.scopes !== undefined
  return { caller, credential: isToken ? { kind: 'token', token: password } : { kind: 'password', user: caller.user } }
}

/** An old cookie is no reason to refuse what needs none, such as signing in again. */
async function fromCookie(cookie: string, ports: AuthenticationPorts): Promise<Caller | undefined> {
  const claim = await ports.sessions.check(cookie).catch(() => undefined)
  if (!claim) return undefined
  const { user, actor } = claim
  if (!actor) return active({ user }, { kind: 'cookie', claim }, ports.users)
  // An admin who acts as a user does what a token could do, and only for as long as they are an admin.
  if (active({ user: actor.user }, { kind: 'cookie', claim }, ports.users).role !== 'admin') return undefined
  return active({ user, scopes: usualScopes }, { kind: 'cookie', claim }, ports.users)
}

function insistOnOwnPage(ctx: Context, { via }: Caller, { origin, sessions }: AuthenticationPorts): void {
  if (!isFromOwnPage(ctx, origin)) throw forbidden('This change did not come from the dashboard.')
  if (via.kind === 'cookie' && !sessions.isCsrfToken(via.claim, ctx.get(csrfHeader)))
    throw forbidden('The page is out of date. Reload it.')
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
