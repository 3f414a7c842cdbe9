import { backoffMs, pause } from './backoff.ts'
import type { CallOptions, Client } from './client.ts'
import { contract } from './contract.ts'
import { type ExecRequest, execProtocol, TerminalEnd, terminalCloses, ticketProtocolPrefix } from './exec.ts'
import { unavailable } from './problem.ts'

/** As much of a WebSocket as a terminal needs: browsers have it, Node has it, and `ws` too. */
export interface TerminalSocket {
  binaryType: string
  send(data: string | Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
}

/** In characters. */
export interface TerminalSize {
  columns: number
  rows: number
}

/** What to open, and for whom. */
export interface TerminalRequest extends ExecRequest {
  /** The origin of the dashboard. */
  url: string
  service: string
  size: TerminalSize
  onOutput: (bytes: Uint8Array) => void
  /** Told once. */
  onEnd: (outcome: TerminalOutcome) => void
  /** Makes a socket; that of the platform where it is left out. */
  connect?: (url: string, protocols: string[]) => TerminalSocket
  signal?: AbortSignal
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** How a terminal ended. */
export type TerminalOutcome =
  /** Its program ended; `code` is null where it never began or nobody knows, and `reason` says more then. */
  | { type: 'exit'; code: number | null; reason: string }
  /** The connection ended, and the shell with it. Opening another terminal opens a new shell: at once, when somebody asks for it, or never. */
  | { type: 'break'; reason: string; again: 'at-once' | 'on-request' | 'never' }

/** A terminal that is open. */
export interface Terminal {
  pod: string
  container: string
  /** Types something. */
  type(text: string | Uint8Array): void
  resize(size: TerminalSize): void
  /** Hangs up: its program ends. Nothing more is told. */
  close(): void
}

/**
 * Opens a terminal in a service: a shell, where it is told no other command.
 * @example
 * const terminal = await openTerminal(client, { url, service: 'kafka', size: { columns: 80, rows: 24 }, onOutput: write, onEnd: showEnd })
 * terminal.type('ls\r')
 * @throws Problem whatever the server refused for: 409 where nothing runs, 429 where too many are open.
 */
export async function openTerminal(client: Pick<Client, 'call'>, request: TerminalRequest): Promise<Terminal> {
  const { signal, wait = pause } = request
  for (let failures = 0; ; failures++) {
    const terminal = await knock(client, request)
    if (terminal) return terminal
    // The replica that was to answer may have gone this moment; each try takes a ticket of its own.
    if (failures === mostFailures || signal?.aborted) throw unavailable('The terminal')
    await wait(backoffMs(failures), signal)
  }
}

const mostFailures = 2

async function knock(client: Pick<Client, 'call'>, request: TerminalRequest): Promise<Terminal | undefined> {
  const { url, service, pod, container, command, connect = connectHere, signal } = request
  const body = { ...(pod && { pod }), ...(container && { container }), ...(command && { command }) }
  const options: CallOptions = signal ? { signal } : {}
  const { ticket, ...place } = await client.call(contract.startExec, { params: { service }, body }, options)
  const address = `${url.replace(/^http/, 'ws')}${contract.openExec.path}`
  const socket = connect(address, [execProtocol, ticketProtocolPrefix + ticket])
  socket.binaryType = 'arraybuffer'
  const talking = await opened(socket, request)
  return talking && { ...place, ...talking }
}

function connectHere(url: string, protocols: string[]): TerminalSocket {
  return new WebSocket(url, protocols)
}

type Talking = Omit<Terminal, 'pod' | 'container'>

/** What can be done once a socket is open; undefined where it does not open: why, no browser says. */
function opened(socket: TerminalSocket, request: TerminalRequest): Promise<Talking | undefined> {
  return new Promise((resolve) => {
    socket.onopen = () => resolve(talk(socket, request))
    socket.onclose = () => resolve(undefined)
    socket.onerror = () => resolve(undefined)
  })
}

const encoder = new TextEncoder()
/** Well below what a frame may have. */
const mostBytes = 64 * 1024

function talk(socket: TerminalSocket, { size, onOutput, onEnd }: TerminalRequest): Talking {
  let isOver = false
  const end = (outcome: TerminalOutcome) => {
    if (!isOver) onEnd(outcome)
    isOver = true
  }
  const resize = ({ columns, rows }: TerminalSize) => {
    if (!isOver && columns > 0 && rows > 0) socket.send(JSON.stringify({ type: 'resize', columns, rows }))
  }
  socket.onerror = () => undefined
  socket.onclose = ({ code, reason }: { code: number; reason: string }) => end(broken(code, reason))
  socket.onmessage = ({ data }: { data: unknown }) => {
    if (isOver) return
    if (typeof data === 'string') end(TerminalEnd.parse(JSON.parse(data)))
    else onOutput(new Uint8Array(data as ArrayBuffer))
  }
  resize(size)
  return {
    resize,
    type(text) {
      const bytes = typeof text === 'string' ? encoder.encode(text) : Uint8Array.from(text)
      for (let at = 0; at < bytes.length && !isOver; at += mostBytes) socket.send(bytes.slice(at, at + mostBytes))
    },
    close() {
      isOver = true
      socket.close(1000)
    },
  }
}

const never: number[] = [terminalCloses.signedOut, terminalCloses.gone]
const onRequest: number[] = [terminalCloses.idle, terminalCloses.tooLong, 1007, 1009, 1013]

function broken(code: number, reason: string): TerminalOutcome {
  const again = never.includes(code) ? 'never' : onRequest.includes(code) ? 'on-request' : 'at-once'
  return { type: 'break', reason: reason || 'The connection was lost.', again }
}
