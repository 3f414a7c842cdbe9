import { isTokenForm } from '../users/tokens.ts'
import type { Page } from './waiting-page.ts'

/** A request to a service, as the ingress controller shows it to the gate. */
export interface GateRequest {
  method: string
  /** The Host header as the client sent it. */
  host: string
  /** Path and query. */
  uri: string
  /** A header of the request, '' where it has none. */
  header: (name: string) => string
  address: string
}

/** What the gate answers. */
export type GateAnswer =
  | { kind: 'allow'; headers: Record<string, string>; cookie?: HostCookie }
  | { kind: 'redirect'; location: string; cookie?: HostCookie }
  | Refusal

/** The cookie that opens one host. */
export interface HostCookie {
  value: string
  expires: number
}

/** A request that is kept out: `prompt` asks a tool for a password, `retryAfter` tells when to try again, a `page` is shown in place of the text. */
export interface Refusal {
  kind: 'refuse'
  status: number
  text: string
  prompt: boolean
  retryAfter?: string | number | boolean | undefined
  page?: Page
}

/** What a request shows to be let in. */
export type Credential =
  | { kind: 'cookie'; value: string; passed: string | undefined }
  | { kind: 'basic'; username: string; password: string }
  | { kind: 'token'; value: string }
  | { kind: 'none' }

/** Name of the cookie that opens one service host: `__Host-` keeps other hosts from setting it. */
export const gateCookie = '__Host-karvdash-gate'

/**
 * Reads the credential. With the host's cookie, an Authorization header is the service's own business and passes,
 * unless it has the look of a platform credential: a token of ours, or Basic with the owner's name.
 */
export function readCredential(request: GateRequest, owner: string): Credential {
  const header = request.header('authorization')
  const platform = platformCredential(header)
  const cookie = cookieOf(request)
  if (cookie === undefined) return platform
  const isOurs =
    platform.kind === 'token' || (platform.kind === 'basic' && (platform.username === owner || isTokenForm(platform.password)))
  return { kind: 'cookie', value: cookie, passed: header === '' || isOurs ? undefined : header }
}

function platformCredential(header: string): Credential {
  const [, scheme = '', value = ''] = /^(\S+)\s+(.*)$/.exec(header) ?? []
  if (scheme.toLowerCase() === 'bearer' && isTokenForm(value)) return { kind: 'token', value }
  if (scheme.toLowerCase() !== 'basic') return { kind: 'none' }
  const [, username = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? []
  return { kind: 'basic', username, password }
}

function cookieOf(request: GateRequest): string | undefined {
  return pairs(request)
    .find((pair) => pair.startsWith(`${gateCookie}=`))
    ?.slice(gateCookie.length + 1)
}

/** The request's cookies without ours. */
export function passedCookies(request: GateRequest): string {
  return pairs(request)
    .filter((pair) => !pair.startsWith('__Host-karvdash'))
    .join('; ')
}

function pairs(request: GateRequest): string[] {
  return request
    .header('cookie')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
}

/** Whether a browser is about to show the answer as a page. */
export function navigates(request: GateRequest): boolean {
  if (request.method !== 'GET' || request.header('sec-websocket-key') !== '') return false
  const mode = request.header('sec-fetch-mode')
  if (mode === '') return request.header('accept').includes('text/html')
  return mode === 'navigate' && request.header('sec-fetch-dest') === 'document'
}

/** Lets a request in. Headers that are not named here are taken away from it. */
export function allowed(entry: {
  user: string
  cookies: string
  authorization: string | undefined
  cookie?: HostCookie | undefined
}): GateAnswer {
  const headers: Record<string, string> = { 'x-karvdash-user': entry.user }
  if (entry.cookies !== '') headers['cookie'] = entry.cookies
  if (entry.authorization !== undefined) headers['authorization'] = entry.authorization
  return { kind: 'allow', headers, ...(entry.cookie && { cookie: entry.cookie }) }
}

/** Keeps a request out, in plain words. */
export function refused(status: number, text: string, prompt = false): Refusal {
  return { kind: 'refuse', status, text, prompt }
}
