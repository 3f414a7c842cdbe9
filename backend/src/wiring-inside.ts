import type { Trail } from './audit/trail.ts'
import { type AuthenticationPorts, createCallerBy } from './http/authentication.ts'
import type { InsideRoutePorts } from './services/inside-routes.ts'
import { createLogs } from './services/logs.ts'
import { createPortsOf } from './services/ports.ts'
import type { Services } from './services/services.ts'
import { createTerminalTickets } from './services/terminal-tickets.ts'
import { createTerminals } from './services/terminals.ts'
import { createUseOnce } from './users/once.ts'
import { createSigner } from './users/signer.ts'
import type { Opened } from './wiring.ts'

/** What it takes to look inside services. */
export interface InsidePorts extends AuthenticationPorts {
  services: Services
  trail: Trail
  /** Counts a service as in use until the function that this gives is called. */
  hold: (uid: string) => () => void
}

/** Puts together what looks inside services: logs, ports, terminals. */
export function wireInside({ kubernetes, caches, config, key }: Opened, ports: InsidePorts): InsideRoutePorts {
  const { services, trail, origin, hold } = ports
  const useOnce = createUseOnce({ kubernetes, namespace: config.namespace })
  return {
    logs: createLogs({ kubernetes, caches, services, hold }),
    portsOf: createPortsOf({ kubernetes, services }),
    terminals: createTerminals({
      ...{ kubernetes, caches, services, hold },
      tickets: createTerminalTickets({ signer: createSigner(key), useOnce, origin }),
      callerBy: createCallerBy(ports),
      record: trail.record,
      limits: config.terminals,
    }),
  }
}
