import { Problem, permits, type TokenScope } from '@karvdash/common'
import type { Config } from '../config.ts'
import { originOf } from '../config.ts'
import { accessPrefix } from '../oauth/access-tokens.ts'
import type { Editors } from '../oauth/editors.ts'
import type { SessionClaim } from '../users/sessions.ts'
import type { SignIn } from '../users/sign-in.ts'
import type { Tokens } from '../users/tokens.ts'
import type { Users } from '../users/users.ts'
import type { CredentialsOf } from './credentials.ts'
import {
  allowed,
  type Credential,
  type GateAnswer,
  type GateRequest,
  navigates,
  passedCookies,
  type Refusal,
  readCredential,
  refused,
} from './gate-request.ts'
import { type HostOwner, mayEnter, ownerOfHost, serviceOrigin } from './hosts.ts'
import { type Redeemed, type Tickets, ticketOf } from './tickets.ts'
import { type Standing, waitingHeader, waitingPage } from './waiting-page.ts'

/** Stands before every exposed service and says who may enter. */
export type Gate = (request: GateRequest) => Promise<GateAnswer>

export interface GatePorts {
  users: Pick<Users, 'known'>
  tickets: Pick<Tickets, 'redeem' | 'claimOf'>
  signIn: Pick<SignIn, 'checkBasic'>
  tokens: Pick<Tokens, 'check'>
  editors: Pick<Editors, 'check'>
  credentialsOf: CredentialsOf
  /** The owner's service of that name, undefined where there is none. */
  entryOf: (owner: HostOwner) => { uid: string; sharedWith: string[]; isWarned: boolean } | undefined
  /** Where a service stands that has nobody to answer; undefined for one that has. */
  unanswered: (owner: HostOwner) => Standing | undefined
  /** Somebody was let in. */
  noteUse: (service: { uid: string; isWarned: boolean }) => void
  /** Whether we would have heard by now who was shut out. */
  isFresh: () => boolean
  config: Config
}

/** Makes the gate. */
export function createGate(ports: GatePorts): Gate {
  return async (request) => {
    const owner = ownerOfHost(request.host, ports.config)
    if (!owner) return refused(421, 'There is no service at this address.')
    if (!ports.isFresh()) return refused(503, 'The cluster cannot be reached at the moment. Try again shortly.')
    const ticket = ticketOf(request.uri, ports.config.ingressManner)
    // Used up even where it is not needed: the service sees it, and it must be worth nothing there.
    const redeemed = ticket === undefined ? undefined : await ports.tickets.redeem(ticket, owner.host)
    if (ticket !== undefined && ports.config.ingressManner === 'traefik') return sentOn(redeemed)
    return judge(request, owner, navigates(request) ? redeemed : undefined, ports)
  }
}

/** What to answer to a request that comes with a good ticket, or with what it shows otherwise. */
async function judge(request: GateRequest, owner: Owner, ticket: Redeemed | undefined, ports: GatePorts): Promise<GateAnswer> {
  const credential = readCredential(request, owner.user)
  const entry = ticket ? entryBy(ticket.claim, request, owner, ports) : await enter(credential, request, owner, ports)
  if ('kind' in entry) return entry
  const refusal = refusalOf(entry, owner, request, ports)
  if (refusal) return refusal
  const service = ports.entryOf(owner)
  if (!service) return refused(404, `You have no service "${owner.service}".`)
  const waiting = refusalToWait(entry, owner, request, ports)
  if (waiting) return waiting
  ports.noteUse(service)
  const own = credential.kind === 'cookie' ? credential.passed : undefined
  return allowed({
    user: entry.user,
    cookie: ticket?.cookie,
    cookies: passedCookies(request),
    authorization: own ?? (await ports.credentialsOf(owner, service.uid)),
  })
}

interface Entry {
  user: string
  scopes?: TokenScope[]
}

function sentOn(redeemed: Redeemed | undefined): GateAnswer {
  if (!redeemed) return refused(403, 'This link was used already or is too old. Open the service from the dashboard again.')
  return { kind: 'redirect', location: redeemed.location, cookie: redeemed.cookie }
}

/** Lets the holder of a session in. An admin acts as somebody only for as long as they are one. */
function entryBy(claim: SessionClaim | undefined, request: GateRequest, owner: Owner, ports: GatePorts): Entry | GateAnswer {
  const isOver = claim?.actor !== undefined && ports.users.known(claim.actor.user)?.role !== 'admin'
  return claim === undefined || isOver ? signInFirst(request, owner, ports) : { user: claim.user }
}

function refusalOf(
  { user, scopes }: Entry,
  owner: Owner,
  { method }: GateRequest,
  { users, entryOf }: GatePorts,
): GateAnswer | undefined {
  const enters = mayEnter(user, owner, entryOf(owner))
  if (!enters || !users.known(user)?.active || !users.known(owner.user)?.active)
    return refused(403, `This service belongs to ${owner.user}, who did not share it with you.`)
  if (!permits(scopes, { scope: 'services', method }))
    return refused(403, 'This token may not do that: it takes one made for "services" that is not read-only.')
  return undefined
}

/** A page in the place of the controller's bare error, for whoever opens a service that has nobody to answer. nginx passes no page of ours on. */
function refusalToWait({ user }: Entry, owner: Owner, request: GateRequest, ports: GatePorts): Refusal | undefined {
  const { config, unanswered } = ports
  const isAsked = navigates(request) || request.header(waitingHeader) !== ''
  const standing = isAsked && config.ingressManner === 'traefik' ? unanswered(owner) : undefined
  if (!standing) return undefined
  const page = waitingPage(standing, user === owner.user ? originOf(config) : undefined)
  return { ...refused(503, 'This service does not answer yet. Try again shortly.'), retryAfter: 5, page }
}

type Owner = HostOwner & { host: string }

/** Who shows the credential, or what to answer to it. */
async function enter(credential: Credential, request: GateRequest, owner: Owner, ports: GatePorts): Promise<Entry | GateAnswer> {
  switch (credential.kind) {
    case 'cookie': {
      const claim = await ports.tickets.claimOf(credential.value, owner.host)
      const entry = entryBy(claim, request, owner, ports)
      if ('kind' in entry || isOwnRequest(request, serviceOrigin(owner.host, ports.config))) return entry
      return refused(403, 'This request came from another site.')
    }
    case 'basic':
      return ports.signIn.checkBasic({ ...credential, address: request.address }).catch(answeredTo(request))
    case 'token':
      return bearerOf(credential.value, ports).catch(answeredTo(request))
    case 'none':
      return signInFirst(request, owner, ports)
  }
}

function bearerOf(token: string, { tokens, editors }: GatePorts): Promise<Entry> {
  return token.startsWith(accessPrefix) ? editors.check(token) : tokens.check(token)
}

function answeredTo(request: GateRequest): (error: unknown) => GateAnswer {
  return (error) => {
    if (!(error instanceof Problem) || error.status >= 500) throw error
    const { status, title, detail, extra } = error
    return { ...refused(status, detail ?? title, status === 401 && !isBrowser(request)), retryAfter: extra['retryAfter'] }
  }
}

function isBrowser(request: GateRequest): boolean {
  return request.header('sec-fetch-mode') !== '' || request.header('origin') !== ''
}

/** Browsers are taken to the sign-in page and never shown a prompt; tools are asked for a password. */
function signInFirst(request: GateRequest, { host }: Owner, { config }: GatePorts): GateAnswer {
  if (navigates(request)) {
    const query = new URLSearchParams({ host, path: request.uri })
    return { kind: 'redirect', location: `${originOf(config)}/enter?${query}` }
  }
  return refused(401, 'Sign in first.', !isBrowser(request))
}

/**
 * Whether a request that comes by cookie was made by a page of the service itself. All services are same-site with each other,
 * so SameSite stops nothing between them: what changes something, a WebSocket, and what a foreign page embeds must come from the own origin.
 */
function isOwnRequest(request: GateRequest, ownOrigin: string): boolean {
  const origin = request.header('origin')
  const site = request.header('sec-fetch-site')
  const isUpgrade = request.header('sec-websocket-key') !== ''
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(request.method)
  if (origin !== '' && origin !== ownOrigin) return false
  if (changes || isUpgrade) return origin === ownOrigin
  return site === '' || site === 'same-origin' || site === 'none' || navigates(request)
}
