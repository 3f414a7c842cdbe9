import { contract, createClient, Problem, type TransferClient, unauthenticated } from '@karvdash/common'
import { bearing, type TokenSource } from './bearing.ts'
import { requireContract, type Server, type Standing, type Trouble, troubleOf } from './standing.ts'

/** Where to call, and as whom. */
export interface Credentials {
  server: Server
  token: TokenSource
}

/** What is known when the server answered. */
export interface Connected {
  server: Server
  client: TransferClient
  /** Asks this server, as who is signed in. */
  fetch: typeof fetch
}

export interface ConnectionPorts {
  fetch?: typeof fetch
  now?: () => number
}

const restMs = 3000

/** The one connection to the server. It never asks again and again: whoever calls while it is in trouble is told at once. */
export class Connection {
  private readonly listeners = new Set<(standing: Standing) => void>()
  private readonly ports: ConnectionPorts
  private current: Standing = { state: 'starting' }
  private begin: () => void = () => undefined
  private readonly begun = new Promise<void>((resolve) => (this.begin = resolve))
  private credentials: Credentials | undefined
  private connected: Connected | undefined
  private checking: Promise<Connected> | undefined
  private failed: { at: number; failure: unknown } | undefined

  constructor(ports: ConnectionPorts = {}) {
    this.ports = ports
  }

  standing(): Standing {
    return this.current
  }

  /** Calls back on each change; gives what ends that. */
  onChange(listener: (standing: Standing) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Signs in, or out. */
  use(next: Credentials | undefined): void {
    this.credentials = next
    this.connected = this.checking = this.failed = undefined
    this.begin()
    this.stand(next ? { state: 'connecting', server: next.server } : { state: 'signedOut' })
  }

  /** Waits until the server has told who we are. @throws Problem where it does not. */
  async ready(): Promise<Connected> {
    // VS Code asks for files before anybody could read the secrets.
    await this.begun
    if (!this.credentials) throw unauthenticated('Sign in to Karvdash to see this.')
    if (this.connected) return this.connected
    if (this.failed && this.now() - this.failed.at < restMs) throw this.failed.failure
    this.checking ??= this.check(this.credentials)
    return this.checking
  }

  /** Does work with the server, and learns from its failures how things stand. */
  async with<T>(work: (connected: Connected) => Promise<T>): Promise<T> {
    const found = await this.ready()
    try {
      const done = await work(found)
      // An answer shows that the server is there, whatever others met while it was on its way.
      if (this.connected !== found) this.retry()
      return done
    } catch (failure) {
      const trouble = troubleOf(failure)
      if (trouble && this.connected === found) this.fail(failure, trouble, found.server)
      throw failure
    }
  }

  /** Forgets past trouble, so that the next call tries at once. */
  retry(): void {
    this.failed = undefined
  }

  private async check(by: Credentials): Promise<Connected> {
    try {
      const found = connectedBy(by, this.ports.fetch)
      requireContract(await found.client.call(contract.getVersion))
      const user = await found.client.call(contract.getAccount)
      if (this.credentials !== by) return this.ready()
      this.connected = found
      this.checking = this.failed = undefined
      this.stand({ state: 'connected', server: by.server, user })
      return found
    } catch (failure) {
      // Not knowing who we are is trouble whatever the reason.
      if (this.credentials === by) this.fail(failure, troubleOf(failure) ?? 'away', by.server)
      throw failure
    }
  }

  private fail(failure: unknown, state: Trouble, server: Server): void {
    this.connected = this.checking = undefined
    this.failed = { at: this.now(), failure }
    const reason = failure instanceof Problem ? failure.message : 'The server cannot be understood.'
    if (this.current.state !== state) this.stand({ state, server, reason })
  }

  private stand(next: Standing): void {
    this.current = next
    for (const listener of this.listeners) listener(next)
  }

  private now(): number {
    return (this.ports.now ?? Date.now)()
  }
}

/** A client that shows the token as it is at each call. */
export function connectedBy({ server, token }: Credentials, send: typeof fetch = globalThis.fetch.bind(globalThis)): Connected {
  const asking = bearing(token, send)
  return { server, fetch: asking, client: createClient({ url: server.url, fetch: asking }) }
}
