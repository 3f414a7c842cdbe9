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
import type { Kubernetes } from './kubernetes/client.ts'
import { type Heartbeat, startHeartbeat } from './kubernetes/heartbeat.ts'
import { resources } from './kubernetes/resources.ts'
import { createNotices } from './platform/notice.ts'
import { createOverview } from './platform/overview.ts'
import { createServices } from './services/services.ts'
import { createShares } from './services/shares.ts'
import { createJobs, type Jobs } from './storage/jobs/jobs.ts'
import { domainOpener } from './storage/jobs/site.ts'
import { createJobStore } from './storage/jobs/store.ts'
import { createStorage } from './storage/storage.ts'
import { createUploads } from './storage/uploads.ts'
import type { Library } from './templates/library.ts'
import { readUser } from './users/account.ts'
import { createPodOwner } from './users/pods.ts'
import { createSigner } from './users/signer.ts'
import type { Users } from './users/users.ts'
import { createAdmission } from './webhooks/admission.ts'
import { wirePeople } from './wiring-people.ts'

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
}

/** The house, put together. */
export interface Wired {
  app: Koa
  admissionApp: Koa
  controllers: Controllers
  users: Users
  trail: Trail
  heartbeat: Heartbeat
  jobs: Jobs
}

const version = '0.1.0'

/** Puts the house together: every part gets just what it needs. */
export function wire(opened: Opened): Wired {
  const { config, log, kubernetes, caches, library, page } = opened
  const presence = createPresence()
  const { users, controllers, ...people } = wirePeople(opened, presence)
  const services = createServices({
    ...{ kubernetes, library, caches, config },
    run: controllers.services.run,
    finish: controllers.finish,
  })
  const shares = createShares({ kubernetes, records: caches.records, users, library, services })
  const { namespace } = config
  const heartbeat = startHeartbeat({ kubernetes, namespace, replica: config.podName, cache: caches.accounts })
  const trail = createTrail({ kubernetes, namespace, replica: config.podName, log })
  const notices = createNotices({ kubernetes, namespace, secrets: caches.accounts })
  const fresh = (name: string) => (name === 'accounts' ? isFresh() : !isSilent(caches[name as keyof Caches]))
  const overview = createOverview({ kubernetes, namespace, users, services, caches: { ...caches }, isFresh: fresh, version })
  const fileIdOf = fileIds(kubernetes, users)
  const { isFresh } = heartbeat
  const credentialsOf = createCredentials(kubernetes)
  const storage = createStorage({ config, fileIdOf, presence })
  const jobs = createJobs({
    store: createJobStore({ kubernetes, namespace, secrets: caches.jobs }),
    open: domainOpener({ storage, fileIdOf, config }),
    isActive: (user) => users.known(user)?.active === true,
    replica: config.podName,
    log,
  })
  const app = createApp({
    ...people,
    ...{ config, log, trail, users, library, services, shares, notices, overview, page, version, isFresh },
    storage,
    jobs,
    uploads: createUploads({ storage, signer: createSigner(opened.key) }),
    readiness: () => [...silentCaches(caches), ...(isFresh() ? [] : ['the watch of accounts is silent'])],
    podOwner: createPodOwner(kubernetes),
    gate: createGate({ ...people, users, credentialsOf, entryOf: services.entryOf, isFresh, config }),
  })
  const admissionApp = createAdmissionApp({ log, admit: createAdmission({ config, fileIdOf, away: storage.away }) })
  return { app, admissionApp, controllers, users, trail, heartbeat, jobs }
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
