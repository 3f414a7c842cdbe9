import type { Credentials } from './connection/connection.ts'
import type { Alone } from './oauth/grant.ts'
import type { Connect } from './terminals/terminals.ts'
import type { Disk } from './transfers/disk.ts'

/** What the host that we run in brings. */
export interface Platform {
  /** Credentials that are there without anybody signing in. */
  ambient?: Credentials | undefined
  /** Asks the server, trusting whom the host trusts. */
  fetch: typeof fetch
  /** What people know this machine by. */
  machine: string
  /** Lets one window after the other do something. */
  alone: Alone
  disk: Disk
  /** Opens WebSockets, trusting whom the host trusts; the platform's own where it is left out. */
  connect?: Connect
}
