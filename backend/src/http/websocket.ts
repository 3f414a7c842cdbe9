import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { execProtocol, longestFrameBytes, Problem, terminalCloses } from '@karvdash/common'
import type { Logger } from 'pino'
import { type WebSocket, WebSocketServer } from 'ws'
import { framesOf, keepAlive, sendFrame } from '../kubernetes/frames.ts'
import type { Screen } from '../services/screen.ts'
import type { Knock, Terminals } from '../services/terminals.ts'
import { toProblem } from './problems.ts'

/** The WebSockets of a server: terminals, and nothing else. */
export interface WebSockets {
  /** Whether a request is one for a WebSocket; others are answered as if they asked for no upgrade (RFC 9110 §7.8: "A server MAY ignore"). */
  isAsked(request: IncomingMessage): boolean
  /** Answers those of a server. */
  attach(server: Server): void
  /** Closes all, telling that another replica is there. */
  close(): void
}

const path = '/api/exec'
const mostHeaderBytes = 32 * 1024
const mostHeaders = 100
/** Those whose client says nothing any more are ended. */
const closeGraceMs = 2_000

/** Opens terminals; who may, says the ticket in the subprotocol alone: cookies and Authorization are not even looked at. */
export function createWebSockets({ terminals, log }: { terminals: Pick<Terminals, 'open'>; log: Logger }): WebSockets {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: longestFrameBytes,
    handleProtocols: () => execProtocol,
  })
  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Nobody hears it: the client went, and there is no answer to give.
    const onError = () => socket.destroy()
    socket.on('error', onError)
    try {
      const run = await terminals.open(knockOf(request))
      server.handleUpgrade(request, socket, head, (opened) => {
        socket.off('error', onError)
        keepAlive(opened)
        run(screenOf(opened)).catch((error: unknown) => {
          log.error({ err: error }, 'a terminal failed')
          opened.close(1011, 'This is a fault of Karvdash.')
        })
      })
    } catch (error) {
      const problem = toProblem(error)
      const level = problem.status >= 500 ? 'error' : 'info'
      log[level]({ operation: 'GET /api/exec', status: problem.status, ...(level === 'error' && { err: error }) }, 'request')
      refuse(socket, problem)
    }
  }
  return {
    isAsked: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    attach(http) {
      http.on('upgrade', (request, socket, head) => void upgrade(request, socket, head))
    },
    close() {
      for (const client of server.clients) {
        client.close(terminalCloses.restart, 'This part of Karvdash stops; another one opens a new shell.')
        setTimeout(() => client.terminate(), closeGraceMs).unref()
      }
    },
  }
}

/** @throws Problem 404 for what is no address of a WebSocket, 431 for more headers than anybody needs. */
function knockOf({ url, headers, rawHeaders, socket }: IncomingMessage): Knock {
  if (url !== path) throw new Problem(404, 'Not found', { detail: 'There is no WebSocket at this address.' })
  const bytes = rawHeaders.reduce((sum, text) => sum + text.length, 0)
  if (bytes > mostHeaderBytes || rawHeaders.length / 2 > mostHeaders)
    throw new Problem(431, 'Too many headers', { detail: 'Send fewer cookies and headers.' })
  // The last address is the one that the ingress controller saw.
  const address = String(headers['x-forwarded-for'] ?? socket.remoteAddress ?? '')
    .split(',')
    .at(-1)
  return {
    protocols: (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim()),
    origin: headers.origin,
    address: address?.trim() ?? '',
  }
}

function refuse(socket: Duplex, problem: Problem): void {
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function screenOf(socket: WebSocket): Screen {
  // Frames that are too long, or none at all, close it by themselves.
  socket.on('error', () => undefined)
  return {
    frames: framesOf(socket),
    send: (data) => sendFrame(socket, data),
    whenClosed: (act) => void socket.once('close', act),
    close: (code, reason) => {
      socket.close(code, reason)
      // A client that does not answer keeps nothing open.
      setTimeout(() => socket.terminate(), closeGraceMs).unref()
    },
  }
}
