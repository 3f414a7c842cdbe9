import { randomUUID } from 'node:crypto'
import {
  type AuditEntry,
  conflict,
  type ExecTicket,
  execProtocol,
  forbidden,
  namespaceOf,
  notFound,
  type ExecRequest as Request,
  terminalCloses,
  ticketProtocolPrefix,
  unauthenticated,
} from '@karvdash/common'
import type { Terminals as Limits } from '../config.ts'
import { createCounts } from '../counts.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { Credential } from '../users/credential.ts'
import { type Container, containersOf } from './containers.ts'
import { startProgram } from './program.ts'
import { readableRecord } from './record.ts'
import type { Screen } from './screen.ts'
import type { ServiceCaches, Services } from './services.ts'
import { whyNot } from './shells.ts'
import { type Objection, runTerminal, type Ticker, tellEnd } from './terminal.ts'
import type { Opening, TerminalTickets } from './terminal-tickets.ts'

/** Terminals in services. */
export interface Terminals {
  /** A ticket for one. @throws Problem 404, 409, 429. */
  ticket(who: { user: string; credential: Credential }, service: string, request: Request): Promise<ExecTicket>
  /** Takes a ticket; gives the function that runs the terminal on a screen. @throws Problem 401, 403, 404, 409, 429. */
  open(knock: Knock): Promise<(screen: Screen) => Promise<void>>
}

/** A request to open a terminal. */
export interface Knock {
  /** Subprotocols that the client offers: ours, and the ticket. */
  protocols: string[]
  /** Of the page that asks, where a browser does. */
  origin: string | undefined
  address: string
}

/** Who a credential lets in now. */
type CallerBy = (credential: Credential) => Promise<LetIn | undefined>
interface LetIn {
  user: string
  via: { kind: string; claim?: { actor?: { user: string } | undefined } }
}

export interface TerminalsPorts {
  kubernetes: Kubernetes
  caches: Pick<ServiceCaches, 'records' | 'pods'>
  services: Pick<Services, 'get'>
  tickets: TerminalTickets
  callerBy: CallerBy
  record: (entry: AuditEntry) => void
  /** Counts a service as in use until the function that this gives is called. */
  hold: (uid: string) => () => void
  limits: Limits
  ticker?: Ticker
}

/** Opens programs in containers as the user: of pods that carry the service's label, in the user's own namespace. */
export function createTerminals(ports: TerminalsPorts): Terminals {
  const { caches, services, tickets, limits } = ports
  const { mostPerUser: most } = limits
  const counts = createCounts({ most, detail: `You have ${most} terminals open. Close one of them first.` })
  return {
    async ticket({ user, credential }, service, request) {
      await services.get(user, service)
      const uid = uidOf(ports, user, service)
      if (uid === undefined) throw notFound('service', service)
      counts.insist(user)
      const { pod, podUid, container } = chosen(containersOf(caches.pods, namespaceOf(user), service), request)
      const opening = { user, credential, service, uid, pod, podUid, container, command: request.command }
      return { ticket: tickets.issue(opening), pod, container }
    },
    async open(knock) {
      const ticket = knock.protocols.find((protocol) => protocol.startsWith(ticketProtocolPrefix))
      if (!knock.protocols.includes(execProtocol) || ticket === undefined)
        throw unauthenticated('Ask for a ticket first, and send it as a subprotocol.')
      const opening = await tickets.redeem(ticket.slice(ticketProtocolPrefix.length), knock.origin)
      const objection = await objectionTo(ports, opening)
      if (objection) throw forbidden(objection.reason)
      counts.insist(opening.user)
      return async (screen) => {
        const leave = counts.enter(opening.user)
        const release = ports.hold(opening.uid)
        try {
          await record(ports, opening, knock)
          await run(ports, opening, screen)
        } finally {
          release()
          leave()
        }
      }
    },
  }
}

type Chosen = Pick<Container, 'pod' | 'podUid' | 'container'>

/** The container that is asked for, or else the first that runs: rather one that serves than one that prepares. */
function chosen(containers: Container[], { pod, container }: Request): Chosen {
  const asked = containers.filter((one) => (pod ?? one.pod) === one.pod && (container ?? one.container) === one.container)
  if (asked.length === 0 && (pod ?? container) !== undefined)
    throw notFound('such part of this service:', [pod, container].filter((name) => name !== undefined).join('/'))
  const running = asked.filter(({ isRunning }) => isRunning)
  const found = running.find(({ isInit }) => !isInit) ?? running[0]
  if (!found) throw conflict('No program of it runs at the moment. Wait until it does, or look at its logs.')
  return found
}

function uidOf({ caches }: Pick<TerminalsPorts, 'caches'>, user: string, service: string): string | undefined {
  const stored = caches.records.get(service, namespaceOf(user))
  const record = stored && readableRecord(stored)
  return record && !record.isDeleting ? record.uid : undefined
}

/** Why somebody may not go on with what they once might. */
async function objectionTo(ports: TerminalsPorts, { user, credential, service, uid }: Opening): Promise<Objection | undefined> {
  if ((await ports.callerBy(credential))?.user !== user)
    return { code: terminalCloses.signedOut, reason: 'What you signed in with ended. Sign in again.' }
  if (uidOf(ports, user, service) !== uid) return { code: terminalCloses.gone, reason: `The service "${service}" was deleted.` }
  return undefined
}

/** Who opened what, for the audit log; never what is typed. */
async function record({ callerBy, record }: TerminalsPorts, opening: Opening, { address }: Knock): Promise<void> {
  const { user, credential, service, pod, container } = opening
  const via = (await callerBy(credential))?.via
  const actor = via?.claim?.actor?.user
  record({
    ...{ at: new Date().toISOString(), id: randomUUID(), operation: 'GET /api/exec', address, status: 101, user },
    ...(actor !== undefined && { actor }),
    ...(via && { via: via.kind }),
    target: `${service} ${pod} ${container}`,
  })
}

async function run(ports: TerminalsPorts, opening: Opening, screen: Screen): Promise<void> {
  const { kubernetes, limits, ticker } = ports
  const { pod, container, command } = opening
  const namespace = namespaceOf(opening.user)
  try {
    const program = await startProgram(kubernetes.as({ namespace }), { namespace, pod, container, command })
    await runTerminal(screen, program, {
      idleMs: limits.idleMinutes * 60_000,
      mostMs: limits.mostHours * 3600_000,
      objection: () => objectionTo(ports, opening),
      ...(ticker && { ticker }),
    })
  } catch (error) {
    await tellEnd(screen, { code: null, reason: whyNot(error) })
  }
}
