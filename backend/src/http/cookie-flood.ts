import type { Context, Middleware } from 'koa'

/** More than any page of ours sets; far less than what other hosts of the site can plant (about 180 cookies of 4 KiB). */
const mostCookieBytes = 8 * 1024

/** The longest request header that is read, so that whoever has too many cookies can be told so, and be rid of them. */
export const longestHeaderBytes = 1024 * 1024

/** Whether a request has more cookies than anybody needs: a page of a subdomain can set them for the whole site. */
export function hasTooManyCookies(ctx: Context): boolean {
  return Buffer.byteLength(ctx.get('cookie')) > mostCookieBytes
}

/** Answers whoever has too many cookies with a page that clears them. */
export function cookieFlood(): Middleware {
  return (ctx, next) => (hasTooManyCookies(ctx) ? clearCookies(ctx) : next())
}

/** A page without a script, under the strict policy of every answer; not 2xx, which the gate would let in by. */
export function clearCookies(ctx: Context): void {
  ctx.status = 400
  ctx.type = 'text/html'
  ctx.set('cache-control', 'no-store')
  // Those of the whole site, whichever of its hosts set them (Clear Site Data §3.1).
  ctx.set('clear-site-data', '"cookies"')
  ctx.body = page
}

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Too many cookies</title>
<h1>Too many cookies</h1>
<p>Your browser sent more cookies than this site uses: a service that you opened has set them. They are cleared now,
and with them your sign-in.</p>
<p><a href="/">Go on</a></p>
</html>
`
