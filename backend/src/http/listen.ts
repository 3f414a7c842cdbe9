import { createServer as createHttpServer, type Server } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server as NetServer, Socket } from 'node:net'
import { promisify } from 'node:util'
import type Koa from 'koa'
import type { Config } from '../config.ts'
import type { Certificates } from '../webhooks/certificates.ts'
import { longestHeaderBytes } from './cookie-flood.ts'
import type { WebSockets } from './websocket.ts'

/** Where the backend listens. */
export interface Ports {
  /** For the ingress controller. */
  httpPort: number
  /** For pods. */
  httpsPort: number
  /** For the API server. */
  webhookPort: number
}

export interface Listening {
  ports: Ports
  /** Goes on with another certificate. */
  renew(certificates: Certificates): void
  /** Lets requests under way end. */
  close(): Promise<void>
}

export interface ListenPorts {
  app: Koa
  admissionApp: Koa
  sockets: WebSockets
  certificates: Certificates
  config: Pick<Config, keyof Ports>
}

const graceMs = 10_000
const reviewGraceMs = 2_000

/** Opens the ports; resolves when all of them are. */
export async function listen({ app, admissionApp, sockets, certificates, config }: ListenPorts): Promise<Listening> {
  const { cert, key } = certificates
  const usual = { shouldUpgradeCallback: sockets.isAsked }
  const http = patient(createHttpServer({ ...usual, maxHeaderSize: longestHeaderBytes }, app.callback()))
  const https = patient(createHttpsServer({ ...usual, cert, key }, app.callback()))
  for (const server of [http, https]) sockets.attach(server)
  // Over one connection, as the API server likes best: fifty pods at once wait half as long.
  const webhook = createSecureServer({ cert, key, allowHTTP1: true }, admissionApp.callback())
  const endReviews = closer(webhook)
  const ports = {
    httpPort: await opened(http, config.httpPort),
    httpsPort: await opened(https, config.httpsPort),
    webhookPort: await opened(webhook, config.webhookPort),
  }
  return {
    ports,
    renew: (renewed) => {
      for (const server of [https, webhook]) server.setSecureContext({ cert: renewed.cert, key: renewed.key })
    },
    close: async () => {
      sockets.close()
      await Promise.all([close(http), close(https), endReviews()])
    },
  }
}

/** Timeouts fit for long uploads, and for an ingress that keeps its connections longer than Node's 5 seconds. */
function patient<T extends Server>(server: T): T {
  server.requestTimeout = 0
  server.keepAliveTimeout = 120_000
  server.headersTimeout = 30_000
  return server
}

function opened(server: NetServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () => resolve((server.address() as AddressInfo).port))
  })
}

async function close(server: Server): Promise<void> {
  const closed = promisify(server.close.bind(server))()
  server.closeIdleConnections()
  const force = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(force)
}

/** HTTP/2 servers do not end their connections themselves. */
function closer(server: ReturnType<typeof createSecureServer>): () => Promise<void> {
  const sockets = new Set<Socket>()
  const sessions = new Set<{ close(): void }>()
  server.on('secureConnection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  return async () => {
    const closed = promisify(server.close.bind(server))()
    for (const session of sessions) session.close()
    const force = setTimeout(() => sockets.forEach((socket) => void socket.destroy()), reviewGraceMs)
    await closed
    clearTimeout(force)
  }
}
