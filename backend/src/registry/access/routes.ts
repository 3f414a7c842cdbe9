import { timingSafeEqual } from 'node:crypto'
import { Problem, unauthenticated } from '@karvdash/common'
import type { Context } from 'koa'
import type Router from 'koa-router'
import { readJson } from '../../http/body.ts'
import { toProblem } from '../../http/problems.ts'
import { stateOf } from '../../http/state.ts'
import type { RegistryEvents } from './events.ts'
import type { TokenEndpoint } from './token-endpoint.ts'

/** Where clients of the registry get their tokens (distribution, "Token Authentication Specification"). */
export function registryTokenRoutes(router: Router, endpoint: TokenEndpoint): void {
  const path = '/registry/token'
  router.get(path, (ctx: Context) =>
    toldAsRegistry(ctx, async () => {
      stateOf(ctx).operation = `GET ${path}`
      const query = new URLSearchParams(ctx.querystring)
      const { token, issuedAt, lifetimeSeconds } = await endpoint({
        credentials: basicOf(ctx.get('authorization')),
        address: ctx.ip,
        service: query.get('service') ?? '',
        scopes: query.getAll('scope'),
      })
      // "For compatibility with OAuth 2.0, we will also accept token under the name access_token": some clients know but one of them.
      ctx.body = JSON.stringify({ token, access_token: token, expires_in: lifetimeSeconds, issued_at: issuedAt })
      ctx.type = 'application/json'
    }),
  )
  // What begins with OAuth2 goes on with GET after this.
  router.all(path, (ctx: Context) =>
    toldAsRegistry(ctx, async () => {
      ctx.set('allow', 'GET, HEAD')
      throw new Problem(405, 'Method not allowed', { detail: 'Tokens are got by GET, with HTTP Basic.' })
    }),
  )
}

const mostEventsBytes = 1024 * 1024
// Of distribution 2.8 and of 3.
const eventsTypes = ['v1', 'v2'].map((version) => `application/vnd.docker.distribution.events.${version}+json`)

export interface RegistryEventsRoutePorts {
  events: RegistryEvents
  /** What the registry shows, and nobody else has. */
  eventsSecret: string
}

/** Where the cluster's own registry tells what was pushed and deleted. */
export function registryEventsRoutes(router: Router, { events, eventsSecret }: RegistryEventsRoutePorts): void {
  const wanted = Buffer.from(`Bearer ${eventsSecret}`)
  router.post('/registry/events', async (ctx: Context) => {
    stateOf(ctx).operation = 'registry-events'
    const shown = Buffer.from(ctx.get('authorization'))
    if (shown.length !== wanted.length || !timingSafeEqual(shown, wanted))
      throw unauthenticated('This is for the registry alone.')
    await events(await readJson(ctx.req, mostEventsBytes, eventsTypes))
    ctx.status = 204
  })
}

function basicOf(authorization: string): { username: string; password: string } | undefined {
  const [, shown] = /^basic +(\S+)$/i.exec(authorization) ?? []
  const [, username = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(shown ?? '', 'base64').toString('utf8')) ?? []
  return username === '' && password === '' ? undefined : { username, password }
}

const codes: Record<number, string> = { 401: 'UNAUTHORIZED', 403: 'DENIED', 405: 'UNSUPPORTED', 429: 'TOOMANYREQUESTS' }

const basicChallenge = (_error: unknown) => 'Basic realm="Karvdash registry", charset="UTF-8"'

/** What goes wrong is told as registries tell it (OCI distribution specification, "Error Codes"): that is what their clients show. */
export async function toldAsRegistry(ctx: Context, work: () => Promise<void>, challengeOf = basicChallenge): Promise<void> {
  ctx.set('cache-control', 'no-store')
  try {
    await work()
  } catch (error) {
    const problem = toProblem(error)
    if (problem.status >= 500) ctx.app.emit('error', error, ctx)
    ctx.status = problem.status
    ctx.body = JSON.stringify({ errors: [{ code: codes[problem.status] ?? 'UNKNOWN', message: problem.message }] })
    ctx.type = 'application/json'
    if (problem.status === 401) ctx.set('www-authenticate', challengeOf(error))
    const { retryAfter } = problem.extra
    if (retryAfter !== undefined) ctx.set('retry-after', String(retryAfter))
  }
}
