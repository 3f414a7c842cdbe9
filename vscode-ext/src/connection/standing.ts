import { contractVersion, Problem, type User } from '@karvdash/common'

/** A server that somebody is signed in to. */
export interface Server {
  /** Authority of its `karvdash:` addresses, in lower case. */
  id: string
  /** Its origin. */
  url: string
}

/** How things stand with the server: what the person sees, and what they can do about it. */
export type Standing =
  | { state: 'starting' | 'signedOut' }
  | { state: 'connecting'; server: Server }
  | { state: 'connected'; server: Server; user: User }
  | { state: 'refused' | 'untrusted' | 'away' | 'outdated'; server: Server; reason: string }
export type State = Standing['state']

/** The states that keep people from their work. */
export type Trouble = Exclude<State, 'starting' | 'signedOut' | 'connecting' | 'connected'>

const certificateCodes =
  /^(CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_|DEPTH_ZERO_SELF_SIGNED_|UNABLE_TO_(GET_ISSUER|VERIFY)_|HOSTNAME_MISMATCH)/

/** What a failure says about the connection as a whole; undefined where it is about one request alone. */
export function troubleOf(failure: unknown): Trouble | undefined {
  if (!(failure instanceof Problem)) return undefined
  if (failure.status === 401) return 'refused'
  if (failure.status === 426) return 'outdated'
  if (codesOf(failure).some((code) => certificateCodes.test(code))) return 'untrusted'
  // What was answered in words of ours came from a server that is there.
  const isUnanswered = failure.cause !== undefined || failure.detail === undefined
  return isUnanswered && [502, 503, 504].includes(failure.status) ? 'away' : undefined
}

/** Refuses a server that speaks another contract than this extension. @throws Problem 426 */
export function requireContract({ contract, oldestClient }: { contract: string; oldestClient: string }): void {
  const isOther = major(contract) !== major(contractVersion) || isOlder(contractVersion, oldestClient)
  if (!isOther) return
  throw new Problem(426, 'Other version', {
    detail: `This extension speaks version ${contractVersion} and the server version ${contract}. Install the extension that the server offers.`,
  })
}

/** The authority of a server's addresses: VS Code keeps it in lower case. */
export function serverId(url: string): string {
  return new URL(url).host.toLowerCase()
}

/** The origin a person means; undefined where it is none, or would send a token in the clear. */
export function originOf(text: string): string | undefined {
  const trimmed = text.trim()
  const address = /^https?:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`
  if (!URL.canParse(address) || /\s|:\/\/.*:\/\//.test(address)) return undefined
  const { protocol, origin, hostname, username } = new URL(address)
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return username === '' && hostname !== '' && (protocol === 'https:' || isHere) ? origin : undefined
}

function major(version: string): string | undefined {
  return version.split('.')[0]
}

function isOlder(version: string, other: string): boolean {
  return version.localeCompare(other, 'en', { numeric: true }) < 0
}

/** The codes of a failure and of what caused it. */
function codesOf(failure: unknown): string[] {
  const codes: string[] = []
  for (let one = failure; typeof one === 'object' && one !== null; one = 'cause' in one ? one.cause : undefined)
    if ('code' in one) codes.push(String(one.code))
  return codes
}
