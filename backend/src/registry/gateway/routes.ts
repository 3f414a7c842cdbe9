import type { Context } from 'koa'
import type Router from 'koa-router'
import { stateOf } from '../../http/state.ts'
import { toldAsRegistry } from '../access/routes.ts'
import { Denied, type Gateway } from './gateway.ts'

/** The external registry's API, as clients reach it through us (OCI distribution specification, "Endpoints"). */
export function gatewayRoutes(router: Router, gateway: Gateway): void {
  const challengeOf = (error: unknown) => (error instanceof Denied ? error.challenge : '')
  router.all(/^\/v2(\/.*)?$/, (ctx: Context) => {
    ctx.set('docker-distribution-api-version', 'registry/2.0')
    return toldAsRegistry(ctx, () => pass(ctx, gateway), challengeOf)
  })
}

async function pass(ctx: Context, gateway: Gateway): Promise<void> {
  const state = stateOf(ctx)
  state.operation = 'registry'
  const gone = new AbortController()
  ctx.res.once('close', () => gone.abort())
  const [, token] = /^bearer +(\S+)$/i.exec(ctx.get('authorization')) ?? []
  const { passed, subject, change } = await gateway({
    ...{ method: ctx.method, path: ctx.path, query: new URLSearchParams(ctx.querystring), token },
    ...{ headers: ctx.req.headers, body: ctx.req, signal: gone.signal },
  })
  if (change) Object.assign(state, { operation: change.operation, target: change.target, subject, isChange: true })
  if (!passed) {
    ctx.body = '{}'
    ctx.type = 'application/json'
    return
  }
  const isBare = ctx.method === 'HEAD' || passed.status === 204 || passed.status === 304
  if (isBare) passed.body.resume()
  else ctx.body = passed.body
  ctx.status = passed.status
  ctx.remove('content-type')
  ctx.set(passed.headers)
}
