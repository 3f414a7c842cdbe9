import { randomBytes } from 'node:crypto'
import { forbidden } from '@karvdash/common'
import * as z from 'zod'
import type { Config } from '../config.ts'
import type { UseOnce } from '../users/once.ts'
import { SessionClaim, type Sessions } from '../users/sessions.ts'
import type { Signer } from '../users/signer.ts'
import { type GateAnswer, refused } from './gate-request.ts'
import { type HostOwner, ownerOfHost, serviceOrigin } from './hosts.ts'

/** How a browser that is signed in to the dashboard gets a cookie for one service host. */
export interface Tickets {
  /** The address that lets the holder of a session in at a host, once, within half a minute. @throws Problem 403. */
  issue(claim: SessionClaim, host: string, path: string): string
  /** Uses a ticket: gives the host's cookie. */
  redeem(uri: string, host: string): Promise<GateAnswer>
  /** The session behind a cookie of this host; undefined where it is forged, over, or its session has ended. */
  claimOf(cookie: string, host: string): Promise<SessionClaim | undefined>
}

const ticketPath = '/.karvdash/enter?ticket='
const ticketLifetimeMs = 30_000
const Path = z
  .string()
  .max(4000)
  .regex(/^\/[^\s\\]*$/)
const Claim = SessionClaim.extend({ host: z.string() })
const Ticket = Claim.extend({ id: z.string(), path: Path, until: z.number() })

/** Whether a path is where tickets are used. */
export function isTicketPath(uri: string): boolean {
  return uri.startsWith(ticketPath)
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
    issue(claim, host, path) {
      const owner = ownerOfHost(portless(host, config), config)
      if (!owner || !mayEnter(claim.user, owner)) {
        throw forbidden('This service belongs to somebody else, who did not share it with you.')
      }
      const id = randomBytes(16).toString('hex')
      const landing = Path.safeParse(path).success ? path : '/'
      const ticket = signer.sign('ticket', { ...claim, id, host, path: landing, until: clock() + ticketLifetimeMs })
      return `${serviceOrigin(host, config)}${ticketPath}${ticket}`
    },
    async redeem(uri, host) {
      const ticket = Ticket.safeParse(signer.verify('ticket', uri.slice(ticketPath.length)))
      const isGood = ticket.success && ticket.data.host === host && ticket.data.until > clock()
      if (!isGood || !(await useOnce(ticket.data.id)))
        return refused(403, 'This link was used already or is too old. Open the service from the dashboard again.')
      const { path } = ticket.data
      const claim = Claim.parse(ticket.data)
      const cookie = { value: signer.sign('gate', claim), expires: claim.expires }
      return { kind: 'redirect', location: `${serviceOrigin(host, config)}${path}`, cookie }
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
