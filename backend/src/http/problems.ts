import { Problem, unavailable } from '@karvdash/common'
import type { Context, Middleware } from 'koa'
import { isAway } from '../kubernetes/errors.ts'

/** Renders whatever is thrown below as problem details (RFC 9457); what is not a Problem is a bug and tells nothing. */
export function problems(): Middleware {
  return async (ctx, next) => {
    try {
      await next()
      if (ctx.status === 404 && ctx.body === undefined)
        throw new Problem(404, 'Not found', { detail: 'There is nothing at this address.' })
    } catch (error) {
      render(ctx, error)
    }
  }
}

function render(ctx: Context, error: unknown): void {
  const problem = toProblem(error)
  if (problem.status >= 500) ctx.app.emit('error', error, ctx)
  ctx.status = problem.status
  ctx.body = JSON.stringify(problem)
  ctx.type = 'application/problem+json'
  ctx.set('cache-control', 'no-store')
  if (problem.status === 401 && !isBrowser(ctx)) ctx.set('www-authenticate', 'Basic realm="Karvdash", charset="UTF-8"')
  const { retryAfter } = problem.extra
  if (retryAfter !== undefined) ctx.set('retry-after', String(retryAfter))
}

/** What a caller is told of whatever was thrown. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (isAway(error)) return unavailable('The cluster', error)
  return new Problem(500, 'Something went wrong', {
    detail: 'This is a fault of Karvdash; its log has the details under this request id.',
  })
}

/** Whether a browser asks: browsers get a page or plain words, never a prompt of their own for a password. */
export function isBrowser(ctx: Context): boolean {
  return ctx.get('sec-fetch-mode') !== '' || ctx.get('origin') !== ''
}
