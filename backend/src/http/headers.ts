import type { Middleware } from 'koa'
import { tusAnswerHeaders, tusRequestHeaders } from './tus.ts'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Headers that narrow what a browser does with our answers. */
export function securityHeaders(): Middleware {
  return async (ctx, next) => {
    ctx.set('content-security-policy', policy)
    ctx.set('x-content-type-options', 'nosniff')
    ctx.set('referrer-policy', 'no-referrer')
    ctx.set('cross-origin-opener-policy', 'same-origin')
    ctx.set('cross-origin-resource-policy', 'same-origin')
    ctx.set('strict-transport-security', 'max-age=31536000')
    await next()
  }
}

const exposed = [
  ...['etag', 'content-range', 'accept-ranges', 'content-disposition', 'location', 'x-request-id', 'retry-after'],
  ...tusAnswerHeaders,
]

/**
 * Lets pages of other origins call the API with a bearer token, never with a cookie: no credentials are allowed,
 * so a browser sends none.
 */
export function crossOrigin(ownOrigin: string): Middleware {
  return async (ctx, next) => {
    const origin = ctx.get('origin')
    if (origin === '' || origin === ownOrigin) return next()
    ctx.vary('Origin')
    ctx.set('access-control-allow-origin', '*')
    ctx.set('access-control-expose-headers', exposed.join(', '))
    ctx.set('cross-origin-resource-policy', 'cross-origin')
    if (ctx.method !== 'OPTIONS' || ctx.get('access-control-request-method') === '') return next()
    ctx.set('access-control-allow-methods', 'GET, HEAD, POST, PUT, PATCH, DELETE')
    ctx.set(
      'access-control-allow-headers',
      `authorization, content-type, if-match, if-none-match, last-event-id, range, ${tusRequestHeaders.join(', ')}`,
    )
    ctx.set('access-control-max-age', '600')
    ctx.status = 204
  }
}
