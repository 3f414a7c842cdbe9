import { namespaceOf } from '@karvdash/common'
import type Koa from 'koa'
import type { Middleware } from 'koa'
import type { Logger } from 'pino'
import { createAdmissionApp, createApp } from './app.ts'
import { createTrail, type Trail } from './audit/trail.ts'
import type { Config } from './config.ts'
import type { Caches, Controllers } from './controllers.ts'
import { createCredentials } from './exposure/credentials.ts'
import { createGate } from './exposure/gate.ts'
import { createPresence } from './filesystem/presence.ts'
import { createWebSockets, type WebSockets } from './http/websocket.ts'
import type { Kubernetes } from './kubernetes/client.ts'
import { createDiscovery, type Discover } from './kubernetes/discovery.ts'
import { type Heartbeat, startHeartbeat } from './kubernetes/heartbeat.ts'
import { resources } from './kubernetes/resources.ts'
import { createNotices } from './platform/notice.ts'
import { createOverview } from './platform/overview.ts'
import type { RegistryKeys } from './registry/access/keys.ts'
import { createCheckEntries } from './services/entries.ts'
import { createServices, type Services } from './services/services.ts'
import { createShares } from './services/shares.ts'
import { createRoom } from './services/status/room.ts'
import { createStorage, type Storage } from './storage/storage.ts'
import { createUploads } from './storage/uploads.ts'
import { createGroups } from './templates/groups.ts'
import { createLaunches } from './templates/launches.ts'
import type { Library } from './templates/library.ts'
import { createTemplates, type Templates } from './templates/templates.ts'
import { readUser } from './users/account.ts'
import { createPodHolds, createPodOwner } from './users/pods.ts'
import { resourcesOf } from './users/quotas.ts'
import { createSigner } from './users/signer.ts'
import type { Users } from './users/users.ts'
import { createAdmission } from './webhooks/admission.ts'
import { type IdleParts, wireIdle } from './wiring-idle.ts'
import { wireInside } from './wiring-inside.ts'
import { type JobParts, wireJobs } from './wiring-jobs.ts'
import { wirePeople } from './wiring-people.ts'
import { wireRegistry } from './wiring-registry.ts'

/** What is open before anything can be wired. */
export interface Opened {
  config: Config
  log: Logger
  kubernetes: Kubernetes
  caches: Caches
  library: Library
  page: Middleware
  /** Signs sessions. */
  key: Buffer
  /** PEM of the in-cluster CA. */
  ca: () => string
  /** Where there is a registry: what its tokens are signed with. */
  registryKeys: RegistryKeys | undefined
  /** Whether this replica is about to go. */
  isStopping: () => boolean
}

/** The house, put together. */
export interface Wired {
  app: Koa
  admissionApp: Koa
  sockets: WebSockets
  controllers: Controllers
  users: Users
  trail: Trail
  heartbeat: Heartbeat
  jobs: JobParts
  idle: IdleParts
}

const version = '0.1.0'

/** Puts the house together: every part gets just what it needs. */
export function wire(opened: Opened): Wired {
  const { config, log, kubernetes, caches, page } = opened
  const { namespace } = config
  const groups = createGroups({ kubernetes, namespace, secrets: caches.accounts })
  const templates = createTemplates({ kubernetes, namespace, builtIn: opened.library, groups })
  const presence = createPresence()
  const discover = createDiscovery(kubernetes)
  const { users, controllers, ...people } = wirePeople(opened, presence, discover)
  const fileIdOf = fileIds(kubernetes, users)
  const storage = createStorage({ config, fileIdOf, presence })
  const services = wireServices(opened, { discover, templates, controllers, storage })
  const shares = createShares({ kubernetes, records: caches.records, users, templates, services })
  const heartbeat = startHeartbeat({ kubernetes, namespace, replica: config.podName, cache: caches.accounts })
  const trail = createTrail({ kubernetes, namespace, replica: config.podName, log })
  const notices = createNotices({ kubernetes, namespace, secrets: caches.accounts })
  const fresh = (name: string) => (name === 'accounts' ? isFresh() : !isSilent(caches[name as keyof Caches]))
  const overview = createOverview({
    ...{ kubernetes, namespace, users, services, isFresh: fresh, version },
    ...{ caches: { ...caches }, idle: config.idle },
  })
  const { isFresh } = heartbeat
  const credentialsOf = createCredentials(kubernetes)
  const { entryOf, unanswered } = services
  const registry = wireRegistry(opened, { ...people, users, isFresh, trail })
  const jobs = wireJobs(opened, { storage, fileIdOf, users, trail, registry })
  const pods = { podOwner: createPodOwner(kubernetes), podHolds: createPodHolds(kubernetes) }
  const idle = wireIdle(opened, { users, templates, controllers, trail })
  const { noteUse, hold } = idle
  const inside = wireInside(opened, { ...people, ...pods, users, isFresh, services, trail, hold })
  const app = createApp({
    ...people,
    ...pods,
    ...inside,
    registry,
    ...{ config, log, trail, users, templates, groups, services, shares, notices, overview, page, version, isFresh },
    launches: createLaunches({ kubernetes, templates }),
    storage,
    ...jobs,
    uploads: createUploads({ storage, signer: createSigner(opened.key) }),
    readiness: () => [...silentCaches(caches), ...(isFresh() ? [] : ['the watch of accounts is silent']), ...going(opened)],
    resources: (user) => resourcesOf(kubernetes, namespaceOf(user)),
    gate: createGate({ ...people, users, credentialsOf, entryOf, unanswered, noteUse, isFresh, config }),
  })
  const admissionApp = createAdmissionApp({ log, admit: createAdmission({ config, fileIdOf, away: storage.away }) })
  const sockets = createWebSockets({ terminals: inside.terminals, log })
  return { app, admissionApp, sockets, controllers, users, trail, heartbeat, jobs, idle }
}

interface ServiceWiring {
  discover: Discover
  templates: Templates
  controllers: Controllers
  storage: Storage
}

function wireServices({ kubernetes, caches, config, log }: Opened, { storage, controllers, ...more }: ServiceWiring): Services {
  return createServices({
    ...{ kubernetes, caches, config, ...more },
    room: createRoom({ kubernetes, onError: (error) => log.warn({ err: error }, 'what the nodes have free was not counted') }),
    run: controllers.services.run,
    request: controllers.services.request,
    finish: controllers.finish,
    checkEntries: createCheckEntries(storage),
  })
}

/** A user's numeric id from the cache, or by one live read for a user that is not in it yet. */
function fileIds(kubernetes: Kubernetes, users: Users): (user: string) => Promise<number | undefined> {
  return async (name) => {
    const known = users.known(name)?.fileId
    if (known !== undefined) return known
    const object = await kubernetes.get(resources.users, { name })
    return object && readUser(object).fileId
  }
}

function going({ isStopping }: Opened): string[] {
  return isStopping() ? ['it stops'] : []
}

/** A watch is renewed at least every five minutes: one that is silent for longer has lost the API server. */
const longestSilenceMs = 400_000

function isSilent(cache: Caches[keyof Caches]): boolean {
  return Date.now() - cache.heardAt() > longestSilenceMs
}

function silentCaches(caches: Caches): string[] {
  return Object.entries(caches)
    .filter(([, cache]) => isSilent(cache))
    .map(([name]) => `the watch of ${name} is silent`)
}
