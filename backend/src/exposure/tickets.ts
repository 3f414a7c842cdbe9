import { randomBytes } from 'node:crypto'
import { forbidden } from '@karvdash/common'
import * as z from 'zod'
import type { Config, IngressManner } from '../config.ts'
import type { UseOnce } from '../users/once.ts'
import { SessionClaim, type Sessions } from '../users/sessions.ts'
import type { Signer } from '../users/signer.ts'
import type { HostCookie } from './gate-request.ts'
import { type Destination, type HostOwner, ownerOfHost, serviceOrigin } from './hosts.ts'

/** How a browser that is signed in to the dashboard gets a cookie for one service host. */
export interface Tickets {
  /** The address that lets the holder of a session in at a host, once, within half a minute. @throws Problem 403. */
  issue(claim: SessionClaim, destination: Destination): string
  /** Uses a ticket: gives the session it came from and the host's cookie; undefined where it is no good, or was used before. */
  redeem(ticket: string, host: string): Promise<Redeemed | undefined>
  /** The session behind a cookie of this host; undefined where it is forged, over, or its session has ended. */
  claimOf(cookie: string, host: string): Promise<SessionClaim | undefined>
}

/** What a ticket is good for. */
export interface Redeemed {
  claim: SessionClaim
  cookie: HostCookie
  /** Where the browser was going. */
  location: string
}

const ticketPath = '/.karvdash/enter?ticket='
const ticketParameter = 'karvdash-ticket='
const ticketLifetimeMs = 30_000
const Path = z
  .string()
  .max(4000)
  .regex(/^\/[^\s\\]*$/)
const Claim = SessionClaim.extend({ host: z.string() })
const Ticket = Claim.extend({ id: z.string(), path: Path, until: z.number() })

/**
 * The ticket that a request shows. nginx cannot be made to redirect by what the gate answers: there a ticket comes with the very
 * request that it is for.
 */
export function ticketOf(uri: string, manner: IngressManner): string | undefined {
  if (manner === 'traefik') return uri.startsWith(ticketPath) ? uri.slice(ticketPath.length) : undefined
  return queryOf(uri)
    .findLast((part) => part.startsWith(ticketParameter))
    ?.slice(ticketParameter.length)
}

export interface TicketsPorts {
  useOnce: UseOnce
  sessions: Pick<Sessions, 'holds'>
  signer: Signer
  /** Whether somebody may enter a service. */
  mayEnter: (user: string, owner: HostOwner) => boolean
  config: Config
  clock?: () => number
}

/** Tickets and host cookies as signed statements; a ticket is good for one use. */
export function createTickets({ useOnce, sessions, signer, mayEnter, config, clock = Date.now }: TicketsPorts): Tickets {
  return {
    issue(claim, { host, path }) {
      const owner = ownerOfHost(portless(host, config), config)
      if (!owner || !mayEnter(claim.user, owner)) {
        throw forbidden('This service belongs to somebody else, who did not share it with you.')
      }
      const id = randomBytes(16).toString('hex')
      const landing = Path.safeParse(path).success ? path : '/'
      const ticket = signer.sign('ticket', { ...claim, id, host, path: landing, until: clock() + ticketLifetimeMs })
      return `${serviceOrigin(host, config)}${config.ingressManner === 'traefik' ? ticketPath + ticket : withTicket(landing, ticket)}`
    },
    async redeem(text, host) {
      const ticket = Ticket.safeParse(signer.verify('ticket', text))
      const isGood = ticket.success && ticket.data.host === host && ticket.data.until > clock()
      if (!isGood || !(await useOnce(ticket.data.id))) return undefined
      const claim = Claim.parse(ticket.data)
      if (!(await sessions.holds(claim))) return undefined
      const cookie = { value: signer.sign('gate', claim), expires: claim.expires }
      return { claim, cookie, location: `${serviceOrigin(host, config)}${ticket.data.path}` }
    },
    async claimOf(cookie, host) {
      const claim = Claim.safeParse(signer.verify('gate', cookie))
      if (!claim.success || claim.data.host !== host) return undefined
      return (await sessions.holds(claim.data)) ? claim.data : undefined
    },
  }
}

function portless(host: string, { publicPort }: Config): string {
  return publicPort === 443 ? host : `${host}:${publicPort}`
}

/** The path with a ticket, and without one that was there before. */
function withTicket(path: string, ticket: string): string {
  const [address = '/'] = path.split('#')
  const [before] = address.split('?')
  const others = queryOf(address).filter((part) => part !== '' && !part.startsWith(ticketParameter))
  return `${before}?${[...others, `${ticketParameter}${ticket}`].join('&')}`
}

function queryOf(uri: string): string[] {
  const at = uri.indexOf('?')
  return at < 0 ? [] : uri.slice(at + 1).split('&')
}
