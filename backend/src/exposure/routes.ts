import { Problem } from '@karvdash/common'
import type { Context } from 'koa'
import type Router from 'koa-router'
import type { Config } from '../config.ts'
import { clearCookies, hasTooManyCookies } from '../http/cookie-flood.ts'
import { manners } from '../http/gate-manners.ts'
import { sessionOf, stateOf } from '../http/state.ts'
import type { Gate } from './gate.ts'
import { navigates } from './gate-request.ts'
import { type Destination, destinationOf } from './hosts.ts'
import type { Tickets } from './tickets.ts'

/** Where browsers pass by on their way to a service. */
export function exposureRoutes(router: Router, { tickets, config }: { tickets: Tickets; config: Config }): void {
  router.get('/enter', (ctx: Context) => {
    if (stateOf(ctx).caller === undefined) return ctx.redirect(`/?next=${encodeURIComponent(ctx.url)}`)
    ctx.set('cache-control', 'no-store')
    ctx.redirect(kindly(ctx, () => tickets.issue(sessionOf(ctx), wanted(ctx, config))))
  })
}

/** nginx names the whole address (`rd`), the gate itself the parts of it. */
function wanted({ query: { host, path, rd } }: Context, config: Config): Destination {
  if (config.ingressManner === 'traefik') return { host: String(host), path: String(path) }
  return (typeof rd === 'string' && destinationOf(rd, config)) || { host: '', path: '/' }
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
export function gateRoutes(router: Router, { gate, config }: { gate: Gate; config: Config }): void {
  const manner = manners[config.ingressManner]
  const answer = async (ctx: Context) => {
    stateOf(ctx).operation = 'gate'
    const request = manner.shown(ctx)
    // nginx has a limit of its own for headers (large_client_header_buffers), and would not pass the page on.
    if (config.ingressManner === 'traefik' && hasTooManyCookies(ctx) && navigates(request)) return clearCookies(ctx)
    const given = await gate(request)
    ctx.set('cache-control', 'no-store')
    manner.show(ctx, given)
  }
  router.all('/gate', answer)
  router.all('/gate/:host', answer)
}
