import type { Context } from 'koa'
import type { IngressManner } from '../config.ts'
import { type GateAnswer, type GateRequest, gateCookie, type HostCookie } from '../exposure/gate-request.ts'
import type { Page } from '../exposure/waiting-page.ts'

/** How an ingress controller shows a request to the gate, and what it understands of the answer. */
export interface Manner {
  shown(ctx: Context): GateRequest
  show(ctx: Context, answer: GateAnswer): void
}

/** Traefik says X-Forwarded-*, in place of what its client wrote, and passes on whatever is not 2xx as it is. */
const traefik: Manner = {
  shown: (ctx) => ({
    ...asked(ctx),
    method: ctx.get('x-forwarded-method').toUpperCase() || 'GET',
    host: ctx.get('x-forwarded-host'),
    uri: ctx.get('x-forwarded-uri') || '/',
  }),
  show(ctx, answer) {
    if (answer.kind === 'allow') return letIn(ctx, answer)
    if (answer.kind === 'redirect') {
      if (answer.cookie) setCookie(ctx, answer.cookie)
      return ctx.redirect(answer.location)
    }
    if (answer.prompt) ctx.set('www-authenticate', 'Basic realm="Karvdash", charset="UTF-8"')
    if (answer.retryAfter !== undefined) ctx.set('retry-after', String(answer.retryAfter))
    refuse(ctx, answer.status, answer.text)
    if (answer.page) showPage(ctx, answer.page)
  },
}

/**
 * nginx (`auth_request`) says X-Original-*. Of its Host header only `$http_host` is told, which need not be what nginx chose the
 * service by: a request line may name another host, and wins. So each Ingress asks about its own host, in the gate's path.
 * 2xx, 401 and 403 are all that nginx understands, and its 401 leads to the sign-in page: just a page that is navigated to
 * is answered so.
 */
const nginx: Manner = {
  shown(ctx) {
    const [, host = '', uri = ''] = /^https:\/\/([^/?#]*)(.*)$/s.exec(ctx.get('x-original-url')) ?? []
    const isOfIngress = ctx.path === `/gate/${host.replace(/:\d*$/, '')}`
    return {
      ...asked(ctx),
      method: ctx.get('x-original-method').toUpperCase() || 'GET',
      host: isOfIngress ? host : '',
      uri: uri || '/',
    }
  },
  show(ctx, answer) {
    if (answer.kind === 'allow') return letIn(ctx, answer)
    if (answer.kind === 'redirect') return refuse(ctx, 401, 'Sign in first.')
    refuse(ctx, answer.status >= 500 ? answer.status : 403, answer.text)
  },
}

/** The manners, by their names in the configuration. */
export const manners: Record<IngressManner, Manner> = { traefik, nginx }

function asked(ctx: Context): Pick<GateRequest, 'header' | 'address'> {
  return { header: (name) => ctx.get(name), address: ctx.ip }
}

function letIn(ctx: Context, { headers, cookie }: Extract<GateAnswer, { kind: 'allow' }>): void {
  ctx.set(headers)
  if (cookie) setCookie(ctx, cookie)
  ctx.status = 200
  ctx.body = ''
}

function setCookie(ctx: Context, { value, expires }: HostCookie): void {
  // The host has TLS, however the controller asks.
  ctx.cookies.secure = true
  const options = { secure: true, httpOnly: true, sameSite: 'lax', path: '/', expires: new Date(expires) } as const
  ctx.cookies.set(gateCookie, value, options)
}

function refuse(ctx: Context, status: number, text: string): void {
  ctx.status = status
  ctx.type = 'text/plain'
  ctx.body = `${text}\n`
}

function showPage(ctx: Context, { html, policy }: Page): void {
  ctx.set('content-security-policy', policy)
  // What it says changes while it is open; without a script, it is opened anew by this alone.
  ctx.set('refresh', '10')
  ctx.type = 'text/html'
  ctx.body = html
}
