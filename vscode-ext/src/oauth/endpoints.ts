import { Problem, unavailable } from '@karvdash/common'
import * as z from 'zod'

/** What a server said instead of what was asked for (RFC 6749 §5.2, RFC 8628 §3.5). */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string, description = code) {
    super(description)
    this.name = 'Refusal'
    this.code = code
  }
}

/** What an editor is signed in with. */
export interface Tokens {
  access: string
  refresh: string
  /** Until when the access token is good, by the clock of this machine. */
  expiresAt: number
}

/** A code that is shown, and what to ask with until somebody approved it (RFC 8628 §3.2). */
export interface DeviceCode {
  device: string
  shown: string
  /** Where people approve it; the second address has the code in it already. */
  page: string
  pageWithCode: string
  lifetimeMs: number
  intervalMs: number
}

/** What an editor asks of the authorization server. Each throws a Refusal, or a Problem where nobody answers. */
export interface Endpoints {
  beginDevice(machine: string): Promise<DeviceCode>
  redeemDevice(device: string): Promise<Tokens>
  redeemCode(answer: { code: string; redirect: string; verifier: string }): Promise<Tokens>
  refresh(token: string): Promise<Tokens>
  revoke(token: string): Promise<void>
}

export interface EndpointsPorts {
  /** The origin of the dashboard. */
  server: string
  fetch: typeof fetch
  now?: () => number
}

export const clientId = 'karvdash-vscode'
const limitMs = 20_000
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

const Error6749 = z.object({ error: z.string(), error_description: z.string().optional() })
const TokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.number().positive(),
})
const DeviceAnswer = z.object({
  device_code: z.string().min(1),
  user_code: z.string().max(40),
  verification_uri: z.url(),
  verification_uri_complete: z.url().optional(),
  expires_in: z.number().positive(),
  // RFC 8628 §3.2: "If no value is provided, clients MUST use 5 as the default."
  interval: z.number().positive().default(5),
})

/** The endpoints of a server. */
export function endpointsOf({ server, fetch, now = Date.now }: EndpointsPorts): Endpoints {
  const ask = (path: string, fields: Record<string, string>) => post(fetch, `${server}/oauth/${path}`, fields)
  async function tokens(fields: Record<string, string>): Promise<Tokens> {
    const asked = now()
    const answer = understood(TokenAnswer, await ask('token', fields))
    return { access: answer.access_token, refresh: answer.refresh_token, expiresAt: asked + answer.expires_in * 1000 }
  }
  return {
    beginDevice: async (machine) => deviceCodeOf(understood(DeviceAnswer, await ask('device_authorization', { machine }))),
    redeemDevice: (device) => tokens({ grant_type: deviceGrant, device_code: device }),
    redeemCode: ({ code, redirect, verifier }) =>
      tokens({ grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier }),
    refresh: (token) => tokens({ grant_type: 'refresh_token', refresh_token: token }),
    revoke: async (token) => void (await ask('revoke', { token })),
  }
}

function deviceCodeOf(answer: z.infer<typeof DeviceAnswer>): DeviceCode {
  return {
    device: answer.device_code,
    shown: answer.user_code,
    page: answer.verification_uri,
    pageWithCode: answer.verification_uri_complete ?? answer.verification_uri,
    lifetimeMs: answer.expires_in * 1000,
    intervalMs: answer.interval * 1000,
  }
}

async function post(send: typeof fetch, url: string, fields: Record<string, string>): Promise<unknown> {
  const response = await send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: String(new URLSearchParams({ client_id: clientId, ...fields })),
    signal: AbortSignal.timeout(limitMs),
  }).catch((cause: unknown) => {
    throw unavailable('Karvdash', cause)
  })
  if (response.ok) return response.json().catch(() => undefined)
  const refusal = Error6749.safeParse(
    await response
      .clone()
      .json()
      .catch(() => undefined),
  )
  if (refusal.success && response.status < 500) throw new Refusal(refusal.data.error, refusal.data.error_description)
  throw await Problem.fromResponse(response)
}

function understood<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  throw new Problem(502, 'Unexpected answer', { detail: "The server's answer to signing in was not understood." })
}
