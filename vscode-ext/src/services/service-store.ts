import {
  backoffMs,
  contract,
  hear,
  inOrder,
  listAllServices,
  nothingKnown,
  Problem,
  pathOf,
  pause,
  readEvents,
  type Service,
  ServiceEvent,
  type ServiceNews,
  unavailable,
} from '@karvdash/common'
import type { Connected, Connection } from '../connection/connection.ts'

/** The own services, live. */
export interface ServiceStore {
  services(): Service[]
  /** Whether all of them are known. */
  isKnown(): boolean
  onChange(listener: () => void): () => void
  tell(news: ServiceNews): void
  /** Listens anew, at once. */
  restart(): void
  close(): void
}

export interface ServiceStorePorts {
  connection: Connection
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Follows the services of whoever is signed in; where the stream breaks off it comes back, ever more patiently. */
export function createServiceStore({ connection, wait = pause }: ServiceStorePorts): ServiceStore {
  const listeners = new Set<() => void>()
  let known = nothingKnown
  let listening = new AbortController()

  function set(next: typeof known): void {
    known = next
    for (const listener of listeners) listener()
  }
  function tell(news: ServiceNews): void {
    set(hear(known, news))
  }
  function restart(): void {
    listening.abort()
    listening = new AbortController()
    void listen(listening.signal)
  }
  async function listen(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      await connection.with((connected) => follow(connected, signal, () => (failures = 0))).catch(() => undefined)
      // Who is refused is let in by nothing but signing in, which starts anew.
      if (['signedOut', 'refused', 'outdated'].includes(connection.standing().state)) return
      await wait(backoffMs(failures), signal)
    }
  }
  async function follow({ server, fetch, client }: Connected, signal: AbortSignal, onOpen: () => void): Promise<void> {
    const address = server.url + pathOf(contract.watchServices)
    const response = await fetch(address, { headers: { accept: 'text/event-stream' }, signal }).catch(away)
    if (!response.ok || !response.body) throw await Problem.fromResponse(response)
    onOpen()
    tell({ type: 'opened' })
    void listAllServices(client, { signal }).then((services) => signal.aborted || tell({ type: 'listed', services }), ignore)
    for await (const data of readEvents(response.body)) {
      const event = ServiceEvent.safeParse(JSON.parse(data))
      if (event.success && !signal.aborted) tell(event.data)
    }
  }
  return {
    services: () => inOrder(known),
    isKnown: () => known.isComplete,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell,
    restart() {
      set(nothingKnown)
      restart()
    },
    close: () => listening.abort(),
  }
}

function away(cause: unknown): never {
  throw unavailable('Karvdash', cause)
}

/** The stream that broke off with it tells of it. */
function ignore(): void {}
