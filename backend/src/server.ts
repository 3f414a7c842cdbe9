import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { openCaches } from './controllers.ts'
import { longestHeaderBytes } from './http/cookie-flood.ts'
import { staticPage } from './http/static.ts'
import { openAccess } from './kubernetes/access.ts'
import { createKubernetes, type Kubernetes } from './kubernetes/client.ts'
import { sweepHeartbeats } from './kubernetes/heartbeat.ts'
import { openLibrary } from './templates/library.ts'
import { ensureFirstAdmin, sessionKey } from './users/bootstrap.ts'
import { sweepUsed } from './users/once.ts'
import { type Certificates, currentCertificates, trustByWebhook } from './webhooks/certificates.ts'
import { wire } from './wiring.ts'

/** A running backend. */
export interface RunningServer {
  httpPort: number
  httpsPort: number
  /** Lets requests under way end, then stops. */
  stop(): Promise<void>
}

const webhookName = 'karvdash'
const renewalCheckMs = 3600_000
const sweepMs = 300_000
const graceMs = 10_000

/** Opens everything and listens; resolves when the backend is ready. */
export async function startServer(config: Config, log: Logger): Promise<RunningServer> {
  const kubernetes = createKubernetes(await openAccess())
  const [caches, library, page, key, certificates] = await Promise.all([
    openCaches(kubernetes, config, log),
    openLibrary(config.templatesFolder),
    staticPage(config.pageFolder),
    sessionKey(kubernetes, config.namespace),
    currentCertificates({ kubernetes, config }),
  ])
  const tls = { current: certificates }
  const { app, controllers, users, trail, heartbeat } = wire({
    config,
    log,
    kubernetes,
    caches,
    library,
    page,
    key,
    ca: () => tls.current.ca,
  })
  const http = patient(createHttpServer({ maxHeaderSize: longestHeaderBytes }, app.callback()))
  const https = patient(createHttpsServer({ cert: certificates.cert, key: certificates.key }, app.callback()))
  const endTimers = maintain({ kubernetes, config, log }, (renewed) => {
    tls.current = renewed
    https.setSecureContext({ cert: renewed.cert, key: renewed.key })
  })
  const ports = { httpPort: await listen(http, config.httpPort), httpsPort: await listen(https, config.httpsPort) }
  await trustByWebhook(kubernetes, webhookName, tls.current.ca)
  await ensureFirstAdmin(kubernetes, users, config.namespace)
  log.info(ports, 'ready')
  return {
    ...ports,
    async stop() {
      endTimers()
      await Promise.all([close(http), close(https)])
      heartbeat.stop()
      await trail.flush()
      await controllers.stop()
    },
  }
}

interface MaintainPorts {
  kubernetes: Kubernetes
  config: Config
  log: Logger
}

/** Renews the certificate before it runs out, and sweeps what was used once; gives the function that ends it. */
function maintain({ kubernetes, config, log }: MaintainPorts, onRenewed: (certificates: Certificates) => void): () => void {
  const renew = async () => {
    const certificates = await currentCertificates({ kubernetes, config })
    onRenewed(certificates)
    await trustByWebhook(kubernetes, webhookName, certificates.ca)
  }
  const told = (what: string) => (error: unknown) => log.warn({ err: error }, what)
  const timers = [
    setInterval(() => void renew().catch(told('certificate not renewed')), renewalCheckMs),
    setInterval(() => void sweepUsed(kubernetes, config.namespace).catch(told('used tickets not swept')), sweepMs),
    setInterval(() => void sweepHeartbeats(kubernetes, config.namespace).catch(told('heartbeats not swept')), renewalCheckMs),
  ]
  return () => timers.forEach(clearInterval)
}

/** Timeouts fit for long uploads, and for an ingress that keeps its connections longer than Node's 5 seconds. */
function patient<T extends Server>(server: T): T {
  server.requestTimeout = 0
  server.keepAliveTimeout = 120_000
  server.headersTimeout = 30_000
  return server
}

function listen(server: Server, port: number): Promise<number> {
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
