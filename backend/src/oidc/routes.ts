import { contract, Problem } from '@karvdash/common'
import type { Context } from 'koa'
import type Router from 'koa-router'
import type { Binder } from '../http/bind.ts'
import { type BrowserSessionPorts, begin } from '../http/browser-session.ts'
import { stateOf } from '../http/state.ts'
import { callbackPath, type Oidc } from './oidc.ts'
import { type ExternalSignInPorts, userFor } from './sign-in.ts'

export interface OidcRoutePorts extends BrowserSessionPorts {
  /** Undefined where people sign in with passwords alone. */
  oidc: Oidc | undefined
  external: ExternalSignInPorts
}

const pendingCookie = '__Host-karvdash-external'
const cookieOptions = { secure: true, httpOnly: true, sameSite: 'lax', path: '/', maxAge: 600_000 } as const

/** Sign-in by an institute's provider: out to it, and back. */
export function oidcRoutes(router: Router, { bind }: Binder, ports: OidcRoutePorts): void {
  const { oidc } = ports
  bind(contract.getSignInOptions, () => (oidc ? { external: { label: oidc.label } } : {}))
  if (!oidc) return
  router.get('/sign-in/external', (ctx: Context) =>
    kindly(ctx, async () => {
      const { location, cookie } = await oidc.begin(safeNext(ctx.query['next']))
      ctx.cookies.set(pendingCookie, cookie, cookieOptions)
      ctx.redirect(location)
    }),
  )
  router.get(callbackPath, (ctx: Context) =>
    kindly(ctx, async () => {
      Object.assign(stateOf(ctx), { operation: `GET ${callbackPath}`, isChange: true })
      const { person, next } = await oidc.finish(ctx.querystring, ctx.cookies.get(pendingCookie) ?? '')
      ctx.cookies.set(pendingCookie, null, cookieOptions)
      const user = await userFor(person, ports.external)
      stateOf(ctx).subject = user
      await begin(ctx, user, ports)
      ctx.redirect(next)
    }),
  )
}

/** Only back to the way into a service, on this very origin. */
function safeNext(next: unknown): string {
  return typeof next === 'string' && next.startsWith('/enter?') ? next : '/'
}

/** A browser is on its way: it is told on the page, by a word that the page knows. */
async function kindly(ctx: Context, work: () => Promise<void>): Promise<void> {
  ctx.set('cache-control', 'no-store')
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 403) throw error
    ctx.redirect(`/#/external?why=${error.extra['why'] ?? 'failed'}`)
  }
}
