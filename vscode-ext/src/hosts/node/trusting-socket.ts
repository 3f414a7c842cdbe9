import type { TerminalSocket } from '@karvdash/common'
import { WebSocket } from 'ws'

/**
 * Makes WebSockets that trust these authorities besides those of the host. Node 20, which VS Code 1.91 has in it, brings none, and none that is brought can be told
 * whom to trust; this one goes through Node's `https`, where VS Code puts its proxy.
 */
export function trustingSocket(ca: string[] | undefined): (url: string, protocols: string[]) => TerminalSocket {
  return (url, protocols) => new WebSocket(url, protocols, { perMessageDeflate: false, ...(ca && { ca }) })
}
