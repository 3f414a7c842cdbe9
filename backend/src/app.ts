import { contract, contractVersion } from '@karvdash/common'
import Koa, { type Middleware } from 'koa'
import Router from 'koa-router'
import type { Logger } from 'pino'
import { auditRoutes } from './audit/routes.ts'
import type { Trail } from './audit/trail.ts'
import type { Config } from './config.ts'
import type { Gate } from './exposure/gate.ts'
import { exposureRoutes, gateRoutes } from './exposure/routes.ts'
import type { Tickets } from './exposure/tickets.ts'
import { auditing } from './http/audit.ts'
import { type AuthenticationPorts, authentication } from './http/authentication.ts'
import { createBinder } from './http/bind.ts'
import { cookieFlood } from './http/cookie-flood.ts'
import { earlyAnswers } from './http/early-answers.ts'
import { crossOrigin, securityHeaders } from './http/headers.ts'
import { healthRoutes, type Readiness } from './http/health.ts'
import { requestLog } from './http/log.ts'
import { openapi } from './http/openapi.ts'
import { problems } from './http/problems.ts'
import { tus } from './http/tus.ts'
import { editorRoutes, type OAuthPorts, oauthRoutes } from './oauth/routes.ts'
import { type OidcRoutePorts, oidcRoutes } from './oidc/routes.ts'
import { overviewRoutes, type PlatformRoutePorts } from './platform/routes.ts'
import { registryEventsRoutes, registryTokenRoutes } from './registry/access/routes.ts'
import type { Additions } from './registry/additions/additions.ts'
import { additionRoutes } from './registry/additions/routes.ts'
import { gatewayRoutes } from './registry/gateway/routes.ts'
import { there } from './registry/none.ts'
import { imageRoutes } from './registry/routes.ts'
import { type InsideRoutePorts, insideRoutes } from './services/inside-routes.ts'
import { serviceRoutes } from './services/routes.ts'
import type { Services } from './services/services.ts'
import type { Shares } from './services/shares.ts'
import type { Jobs } from './storage/jobs/jobs.ts'
import { jobRoutes } from './storage/jobs/routes.ts'
import { manyEntriesRoutes } from './storage/many-entries-routes.ts'
import { storageRoutes } from './storage/routes.ts'
import type { Storage } from './storage/storage.ts'
import { uploadRoutes } from './storage/upload-routes.ts'
import type { Uploads } from './storage/uploads.ts'
import type { Groups } from './templates/groups.ts'
import type { Launches } from './templates/launches.ts'
import { platformTemplateRoutes, templateRoutes } from './templates/routes.ts'
import type { Templates } from './templates/templates.ts'
import { type AccountRoutePorts, accountRoutes } from './users/account-routes.ts'
import { type AdminRoutePorts, adminRoutes } from './users/admin-routes.ts'
import { type UserRoutePorts, userRoutes } from './users/routes.ts'
import type { Admission } from './webhooks/admission.ts'
import { webhookRoutes } from './webhooks/routes.ts'
import type { RegistryParts } from './wiring-registry.ts'

export interface AppPorts
  extends AuthenticationPorts,
    UserRoutePorts,
    AccountRoutePorts,
    AdminRoutePorts,
    OAuthPorts,
    OidcRoutePorts,
    PlatformRoutePorts,
    InsideRoutePorts {
  config: Config
  log: Logger
  readiness: Readiness
  trail: Trail
  gate: Gate
  /** Undefined where there is no registry. */
  registry: Pick<RegistryParts, 'tokenEndpoint' | 'gateway' | 'events' | 'eventsSecret' | 'images' | 'freeSpace'> | undefined
  tickets: Tickets
  templates: Templates
  groups: Groups
  launches: Launches
  services: Services
  shares: Shares
  storage: Storage
  jobs: Jobs
  /** Undefined where there is no registry. */
  additions: Additions | undefined
  uploads: Uploads
  page: Middleware
  origin: string
  version: string
}

/**
 * The application: one onion, from the log to the operations. A client can begin X-Forwarded-For with anything;
 * its last address is the one that the ingress controller saw.
 */
export function createApp(ports: AppPorts): Koa {
  const app = new Koa({ proxy: true, maxIpsCount: 1 })
  app.on('error', (error: unknown, ctx?: Koa.Context) => {
    // A client that goes in the middle of an answer is nobody's fault.
    const level = ctx?.res.destroyed && !ctx.res.writableFinished ? 'debug' : 'error'
    ports.log[level]({ err: error, id: ctx?.state['requestId'] }, 'failure')
  })
  app.use(requestLog(ports.log))
  app.use(auditing(ports.trail.record))
  app.use(securityHeaders())
  app.use(earlyAnswers())
  app.use(problems())
  app.use(platformRoutes(ports).routes() as Middleware)
  app.use(cookieFlood())
  app.use(ports.page)
  app.use(crossOrigin(ports.origin))
  app.use(tus())
  app.use(authentication(ports))
  app.use(apiRoutes(ports).routes() as Middleware)
  return app
}

/** What the API server asks, at a port of its own: what it is told, who is a user among it, is nobody else's to know. */
export function createAdmissionApp({ log, admit }: { log: Logger; admit: Admission }): Koa {
  const app = new Koa()
  const router = new Router()
  webhookRoutes(router, admit)
  app.use(requestLog(log))
  app.use(earlyAnswers())
  app.use(problems())
  app.use(router.routes() as Middleware)
  return app
}

/** What the cluster and clients of the registry ask: none of it is a person's request to the API. */
function platformRoutes({ gate, config, readiness, registry }: AppPorts): Router {
  const router = new Router()
  if (registry) registryTokenRoutes(router, registry.tokenEndpoint)
  if (registry?.gateway) gatewayRoutes(router, registry.gateway)
  else if (registry) registryEventsRoutes(router, registry)
  gateRoutes(router, { gate, config })
  healthRoutes(router, readiness)
  return router
}

/** The operations of the contract, and the way to services. */
function apiRoutes(ports: AppPorts): Router {
  const router = new Router()
  const binder = createBinder(router)
  const version = { product: ports.version, contract: contractVersion, oldestClient: '1.0' }
  binder.bind(contract.getVersion, () => version)
  userRoutes(binder, ports)
  accountRoutes(binder, ports)
  adminRoutes(binder, ports)
  auditRoutes(binder, ports.trail)
  overviewRoutes(binder, ports)
  templateRoutes(binder, ports)
  platformTemplateRoutes(binder, ports)
  serviceRoutes(binder, ports)
  insideRoutes(binder, ports)
  imageRoutes(binder, ports.registry)
  jobRoutes(binder, ports.jobs)
  additionRoutes(binder, () => there(ports.additions))
  manyEntriesRoutes(binder, ports.storage)
  storageRoutes(binder, ports.storage)
  uploadRoutes(binder, ports.uploads)
  oidcRoutes(router, binder, ports)
  editorRoutes(binder, ports)
  oauthRoutes(router, ports)
  exposureRoutes(router, ports)
  const missing = Object.entries(contract).filter(([, operation]) => !binder.bound.has(operation))
  if (missing.length > 0) throw new Error(`Operations without a handler: ${missing.map(([name]) => name).join(', ')}`)
  const document = JSON.stringify(openapi(contract, ports.version))
  router.get('/api/openapi.json', (ctx) => {
    ctx.type = 'application/json'
    ctx.body = document
  })
  return router
}
