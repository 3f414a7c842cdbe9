import type Router from 'koa-router'
import { stateOf } from './state.ts'

/** Whether this replica is fit to answer: names what is not, an empty list where all is well. */
export type Readiness = () => string[]

/** What Kubernetes asks to know whether to restart us, and whether to send us requests. */
export function healthRoutes(router: Router, readiness: Readiness): void {
  router.get('/health/live', (ctx) => {
    stateOf(ctx).operation = 'health'
    ctx.body = 'alive\n'
  })
  router.get('/health/ready', (ctx) => {
    stateOf(ctx).operation = 'health'
    const missing = readiness()
    ctx.status = missing.length === 0 ? 200 : 503
    ctx.body = missing.length === 0 ? 'ready\n' : `not ready: ${missing.join(', ')}\n`
  })
}
