import { createHash } from 'node:crypto'
import type { Service, ServiceState } from '@karvdash/common'
import Handlebars from 'handlebars'

/** Where a service stands that has nobody to answer. */
export type Standing = Pick<Service, 'name' | 'state' | 'reason'>

/** A page, and the policy under which a browser shows it. */
export interface Page {
  html: string
  policy: string
}

/** A header of the page's own questions: those are answered by the gate, too, and are no use of the service. */
export const waitingHeader = 'x-karvdash-waiting'

const titles: Partial<Record<ServiceState, string>> = {
  Stopped: 'is stopped',
  Failed: 'does not run',
  Deleting: 'is being deleted',
}

/**
 * What stands in the place of a service that cannot answer yet, or any more. It loads the service as soon as that answers: the ingress controller may
 * hear of it later than we do, so the page asks what a browser would get. Why it stands so is its owner's business: `dashboard` is given for them alone.
 */
export function waitingPage({ name, state, reason }: Standing, dashboard: string | undefined): Page {
  const title = `${name} ${titles[state] ?? 'is starting'}`
  const link = dashboard && {
    address: `${dashboard}/#/services/${name}`,
    words: state === 'Stopped' ? 'Resume it' : 'Look at it',
  }
  return { html: fill({ title, reason: dashboard && reason, link, style, script }), policy }
}

const style = `
:root { color-scheme: light dark; --ground: #f5f7f8; --text: #1b2529; --accent: #0f6e84 }
@media (prefers-color-scheme: dark) { :root { --ground: #12191c; --text: #e5ecee; --accent: #58bdd3 } }
body { margin: 15vh auto; max-width: 36rem; padding: 0 1rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
a { color: var(--accent) }
`

const script = `
(async () => {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const ask = { method: 'HEAD', cache: 'no-store', redirect: 'manual', headers: { '${waitingHeader}': '1' } }
    const answer = await fetch(location.href, ask).catch(() => undefined)
    if (answer && ![502, 503, 504].includes(answer.status)) return location.reload()
  }
})()
`

const policy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const fill = Handlebars.compile(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{title}}</title>
<style>{{{style}}}</style>
<main>
<h1>{{title}}</h1>
{{#if reason}}<p>{{reason}}</p>{{/if}}
<p>This page opens it as soon as it answers.</p>
{{#if link}}<p><a href="{{link.address}}">{{link.words}} in Karvdash</a></p>{{/if}}
</main>
<script>{{{script}}}</script>
</html>
`)

/** What a policy names an inline text by (CSP 3 §2.3.1, hash-source). */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
