import { readFile } from 'node:fs/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { openTerminal, type TerminalOutcome, type TerminalRequest, type TerminalSocket } from '@karvdash/common'
import { Agent, WebSocket } from 'undici'
import { clientOf, type System, until } from './system.ts'

/** A terminal as a test sees it. */
export interface Session {
  /** What was printed so far. */
  text(): string
  /** How many bytes were printed so far. */
  size(): number
  type(text: string | Uint8Array): void
  resize(size: { columns: number; rows: number }): void
  /** Waits until something was printed; gives all from there on. */
  shows(what: string | RegExp): Promise<string>
  outcome(): TerminalOutcome | undefined
  /** Waits until it is over. */
  over(): Promise<TerminalOutcome>
  close(): void
}

type Person = { username: string; password: string }
type Options = Partial<Pick<TerminalRequest, 'pod' | 'container' | 'command' | 'size'>>

/** Opens sockets to a system. */
export async function socketsOf(system: System, address = system.url) {
  const ca = await readFile(system.node.caFile)
  const lookup = (_name: string, options: { all?: boolean }, done: (error: null, found: unknown, family?: number) => void) =>
    options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
  const dispatcher = new Agent({ connect: { ca, lookup: lookup as never } })
  const connect =
    (headers: Record<string, string> = {}) =>
    (url: string, protocols: string[]) =>
      new WebSocket(url, { protocols, dispatcher, headers }) as unknown as TerminalSocket
  async function open(person: Person, service: string, options: Options = {}): Promise<Session> {
    const chunks: Buffer[] = []
    let outcome: TerminalOutcome | undefined
    let size = 0
    const terminal = await openTerminal(clientOf(system, person), {
      ...{ url: address, service, size: { columns: 80, rows: 24 }, connect: connect() },
      ...options,
      onOutput(bytes) {
        size += bytes.length
        chunks.push(Buffer.from(bytes))
      },
      onEnd(end) {
        outcome = end
      },
    })
    const text = () => Buffer.concat(chunks).toString()
    const over = () => until('the end of a terminal', async () => outcome, 45_000)
    const shows = (what: string | RegExp) =>
      until(`a terminal to show ${what}`, async () => {
        if (outcome) throw new Error(`It ended: ${JSON.stringify(outcome)}; it showed ${text().slice(-500)}`)
        return (typeof what === 'string' ? text().includes(what) : what.test(text())) && text()
      })
    return { ...terminal, text, size: () => size, shows, over, outcome: () => outcome }
  }
  return { open, connect, dispatcher }
}

/** Sends an upgrade as its lines are, and gives the status of the answer. */
export async function upgradeStatus(system: System, lines: string[], host = new URL(system.url).host): Promise<number> {
  const { socket, answer } = await rawUpgrade(system, lines, host)
  socket.destroy()
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}

/** The same; gives the socket too, which is open where the answer was 101. */
export async function rawUpgrade(
  system: System,
  lines: string[],
  host = new URL(system.url).host,
): Promise<{ socket: TLSSocket; answer: string }> {
  const ca = await readFile(system.node.caFile)
  const servername = host.split(':')[0] ?? ''
  const socket = connectTls({ host: '127.0.0.1', port: system.node.httpsPort, servername, ca, ALPNProtocols: ['http/1.1'] })
  const usual = [`Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
  socket.write([...lines, ...usual, 'Sec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==', '', ''].join('\r\n'))
  const answer = await new Promise<string>((resolve, reject) => {
    socket.once('data', (bytes: Buffer) => resolve(bytes.toString('latin1')))
    socket.once('error', reject)
    socket.once('close', () => resolve(''))
  })
  return { socket, answer }
}
