import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { openCaches } from './controllers.ts'
import { listen, type Ports } from './http/listen.ts'
import { staticPage } from './http/static.ts'
import { openAccess } from './kubernetes/access.ts'
import { createKubernetes, type Kubernetes } from './kubernetes/client.ts'
import { sweepHeartbeats } from './kubernetes/heartbeat.ts'
import { registryKeys } from './registry/access/keys.ts'
import { startDailySweep } from './storage/daily-sweep.ts'
import { openLibrary } from './templates/library.ts'
import { ensureFirstAdmin, sessionKey } from './users/bootstrap.ts'
import { sweepUsed } from './users/once.ts'
import { type Certificates, currentCertificates, trustByWebhook } from './webhooks/certificates.ts'
import { wire } from './wiring.ts'

/** A running backend. */
export interface RunningServer extends Ports {
  /** Lets requests under way end, then stops. */
  stop(): Promise<void>
}

const webhookName = 'karvdash'
const renewalCheckMs = 3600_000
const sweepMs = 300_000

/** Opens everything and listens; resolves when the backend is ready. */
export async function startServer(config: Config, log: Logger): Promise<RunningServer> {
  const kubernetes = createKubernetes(await openAccess())
  const [caches, library, page, key, certificates, keys] = await Promise.all([
    openCaches(kubernetes, config, log),
    openLibrary(config.templatesFolder),
    staticPage(config.pageFolder),
    sessionKey(kubernetes, config.namespace),
    currentCertificates({ kubernetes, config }),
    config.registry && registryKeys({ kubernetes, namespace: config.namespace }),
  ])
  const tls = { current: certificates }
  let isStopping = false
  const { app, admissionApp, sockets, controllers, users, trail, heartbeat, jobs, idle } = wire({
    config,
    log,
    kubernetes,
    caches,
    library,
    page,
    key,
    registryKeys: keys,
    ca: () => tls.current.ca,
    isStopping: () => isStopping,
  })
  const listening = await listen({ app, admissionApp, sockets, certificates, config })
  const endTimers = maintain({ kubernetes, config, log }, (renewed) => {
    tls.current = renewed
    listening.renew(renewed)
  })
  await trustByWebhook(kubernetes, webhookName, tls.current.ca)
  await ensureFirstAdmin(kubernetes, users, config.namespace)
  const sweep = startDailySweep({ config, log, isHeld: controllers.holdsLease })
  log.info(listening.ports, 'ready')
  return {
    ...listening.ports,
    async stop() {
      isStopping = true
      await sleep(config.drainMs)
      endTimers()
      sweep.stop()
      await listening.close()
      await Promise.all([jobs.jobs.stop(), jobs.additions?.stop()])
      heartbeat.stop()
      // What cannot be told now is told of the next time that it is used.
      await idle.stop()
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
