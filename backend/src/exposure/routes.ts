import { Problem } from '@karvdash/common'
import type { Context } from 'koa'
import type Router from 'koa-router'
import { sessionOf, stateOf } from '../http/state.ts'
import type { Gate } from './gate.ts'
import { type GateAnswer, type GateRequest, gateCookie } from './gate-request.ts'
import type { Tickets } from './tickets.ts'

/** Where browsers pass by on their way to a service. */
export function exposureRoutes(router: Router, { tickets }: { tickets: Tickets }): void {
  router.get('/enter', (ctx: Context) => {
    const { host, path } = ctx.query
    if (stateOf(ctx).caller === undefined) return ctx.redirect(`/?next=${encodeURIComponent(ctx.url)}`)
    ctx.set('cache-control', 'no-store')
    ctx.redirect(kindly(ctx, () => tickets.issue(sessionOf(ctx), String(host), String(path))))
  })
}

/** Where to go; people who may not enter are told so by the page. */
function kindly(ctx: Context, issue: () => string): string {
  try {
    return issue()
  } catch (error) {
    if (error instanceof Problem && error.status === 403 && ctx.get('sec-fetch-mode') === 'navigate') return '/#/refused'
    throw error
  }
}

/** Answers the ingress controller; stands before authentication, since the credentials it sees are for the gate alone. */
export async function answerGate(ctx: Context, gate: Gate): Promise<void> {
  stateOf(ctx).operation = 'gate'
  show(ctx, await gate(shown(ctx)))
}

function shown(ctx: Context): GateRequest {
  return {
    method: ctx.get('x-forwarded-method').toUpperCase() || 'GET',
    host: ctx.get('x-forwarded-host'),
    uri: ctx.get('x-forwarded-uri') || '/',
    header: (name) => ctx.get(name),
    address: ctx.ip,
  }
}

function show(ctx: Context, answer: GateAnswer): void {
  ctx.set('cache-control', 'no-store')
  if (answer.kind === 'allow') {
    ctx.set(answer.headers)
    ctx.status = 200
    ctx.body = ''
  } else if (answer.kind === 'redirect') {
    const { cookie } = answer
    if (cookie) {
      const options = { secure: true, httpOnly: true, sameSite: 'lax', path: '/', expires: new Date(cookie.expires) } as const
      ctx.cookies.set(gateCookie, cookie.value, options)
    }
    ctx.redirect(answer.location)
  } else {
    if (answer.prompt) ctx.set('www-authenticate', 'Basic realm="Karvdash", charset="UTF-8"')
    if (answer.retryAfter !== undefined) ctx.set('retry-after', String(answer.retryAfter))
    ctx.status = answer.status
    ctx.type = 'text/plain'
    ctx.body = `${answer.text}\n`
  }
}
