import { randomBytes } from 'node:crypto'
import { forbidden } from '@karvdash/common'
import * as z from 'zod'
import { Credential } from '../users/credential.ts'
import type { UseOnce } from '../users/once.ts'
import type { Signer } from '../users/signer.ts'

/** What a ticket is good for: one program, in one container, for one user, by what they were let in with. */
const Opening = z.object({
  user: z.string(),
  credential: Credential,
  service: z.string(),
  /** Of the service: one that is launched anew under its name is another. */
  uid: z.string(),
  pod: z.string(),
  podUid: z.string(),
  container: z.string(),
  command: z.array(z.string()).optional(),
})
export type Opening = z.infer<typeof Opening>

/** Tickets by which terminals are opened. */
export interface TerminalTickets {
  /** A ticket for half a minute; what is in it, the credential above all, nobody else can read. */
  issue(opening: Opening): string
  /** Uses a ticket. @throws Problem 403 where it is none of ours, too old, was used, or comes from a page of another origin. */
  redeem(ticket: string, origin: string | undefined): Promise<Opening>
}

export interface TerminalTicketsPorts {
  signer: Pick<Signer, 'seal' | 'unseal'>
  useOnce: UseOnce
  /** The dashboard's own origin. */
  origin: string
  clock?: () => number
}

const purpose = 'terminal'
const lifetimeMs = 30_000
const Ticket = z.object({ id: z.string(), until: z.number(), opening: Opening })

/** Tickets as sealed statements. */
export function createTerminalTickets({ signer, useOnce, origin, clock = Date.now }: TerminalTicketsPorts): TerminalTickets {
  return {
    issue: (opening) => signer.seal(purpose, { id: randomBytes(16).toString('hex'), until: clock() + lifetimeMs, opening }),
    async redeem(text, from) {
      const ticket = Ticket.safeParse(signer.unseal(purpose, text))
      if (!ticket.success || ticket.data.until < clock()) throw refused()
      const { id, opening } = ticket.data
      // What came by a cookie came from a page of ours: no other page has a use for it.
      if (opening.credential.kind === 'cookie' && from !== origin)
        throw forbidden('This terminal was not opened by the dashboard.')
      if (!(await useOnce(`terminal ${id}`))) throw refused()
      return opening
    },
  }
}

function refused() {
  return forbidden('This ticket is not valid, or not any more. Ask for another.')
}
