import * as z from 'zod'
import type { Backend } from '../support/backend.ts'
import { domain } from '../support/cluster.ts'
import { send } from '../support/send.ts'

/** A browser that has signed in. */
export interface Browser {
  /** What it says with each request. */
  headers: { cookie: string } & Record<string, string>
}

let addresses = 0

/** The header of an address of its own: one address may not try often. */
export function fromElsewhere(): { 'x-forwarded-for': string } {
  return { 'x-forwarded-for': `192.0.2.${addresses++ % 250}` }
}

/** Signs somebody in. */
export async function signedIn({ url }: Backend, who: { username: string; password: string }): Promise<Browser> {
  const browser = {
    'x-forwarded-proto': 'https',
    ...fromElsewhere(),
    origin: `https://${domain}:8443`,
    'sec-fetch-site': 'same-origin',
  }
  const { body, cookies } = await send(`${url}/api/session`, { method: 'POST', headers: browser, body: who })
  const { csrf } = z.looseObject({ csrf: z.string() }).parse(body)
  return { headers: { ...browser, cookie: cookies[0]?.split(';')[0] ?? '', 'x-karvdash-csrf': csrf } }
}
