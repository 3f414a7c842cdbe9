import type Koa from 'koa'
import type { Middleware } from 'koa'
import type { Logger } from 'pino'
import { createApp } from './app.ts'
import { createTrail, type Trail } from './audit/trail.ts'
import { type Config, originOf } from './config.ts'
import { type Caches, type Controllers, startControllers } from './controllers.ts'
import { createCredentials } from './exposure/credentials.ts'
import { createGate } from './exposure/gate.ts'
import { createTickets } from './exposure/tickets.ts'
import { createUserFolders } from './filesystem/user-folders.ts'
import type { Kubernetes } from './kubernetes/client.ts'
import { createDiscovery } from './kubernetes/discovery.ts'
import { type Heartbeat, startHeartbeat } from './kubernetes/heartbeat.ts'
import { resources } from './kubernetes/resources.ts'
import { createServices } from './services/services.ts'
import { createStorage } from './storage/storage.ts'
import type { Library } from './templates/library.ts'
import { readUser } from './users/account.ts'
import { createAccounts } from './users/accounts.ts'
import { createClosing } from './users/closing.ts'
import { createLeaving } from './users/leaving.ts'
import { createUseOnce } from './users/once.ts'
import { createPasswordLinks } from './users/password-links.ts'
import { createPodOwner } from './users/pods.ts'
import { createSessions } from './users/sessions.ts'
import { createSignIn } from './users/sign-in.ts'
import { createSigner } from './users/signer.ts'
import { createThrottle } from './users/throttle.ts'
import { createTokens } from './users/tokens.ts'
import { createUsers, type Users } from './users/users.ts'
import { createAdmission } from './webhooks/admission.ts'

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
  controllers: Controllers
  users: Users
  trail: Trail
  heartbeat: Heartbeat
}

const version = '0.1.0'

/** Puts the house together: every part gets just what it needs. */
export function wire(opened: Opened): Wired {
  const { config, log, kubernetes, caches, library, page, key } = opened
  const accounts = createAccounts({ kubernetes, secrets: caches.accounts, config })
  const closing = createClosing({ kubernetes, accounts, config })
  const folders = createUserFolders({ folder: config.domainsFolder, domains: ['local', 'remote'] })
  const leaving = createLeaving({ kubernetes, accounts, closing, folders, config })
  const controllers = startControllers({ ...opened, closing, leaving, discover: createDiscovery(kubernetes) })
  const users = createUsers({ kubernetes, users: caches.users, accounts, folders, reconcile: controllers.users.run })
  const signer = createSigner(key)
  const sessions = createSessions({ accounts, signer })
  const tokens = createTokens({ accounts })
  const signIn = createSignIn({ accounts, users, tokens })
  const services = createServices({
    kubernetes,
    library,
    caches,
    run: controllers.services.run,
    finish: controllers.finish,
    config,
  })
  const { namespace } = config
  const heartbeat = startHeartbeat({ kubernetes, namespace, replica: config.podName, cache: caches.accounts })
  const useOnce = createUseOnce({ kubernetes, namespace })
  const trail = createTrail({ kubernetes, namespace, replica: config.podName, log })
  const tickets = createTickets({ useOnce, sessions, signer, config })
  const credentialsOf = createCredentials(kubernetes)
  const fileIdOf = fileIds(kubernetes, users)
  const storage = createStorage({ config, fileIdOf })
  const app = createApp({
    ...{ log, trail, leaving, users, sessions, tokens, signIn, tickets, library, services, storage, page, version },
    passwordLinks: createPasswordLinks({ accounts, signer }),
    origin: originOf(config),
    readiness: () => [...silentCaches(caches), ...(heartbeat.isFresh() ? [] : ['the watch of accounts is silent'])],
    isFresh: heartbeat.isFresh,
    signUps: createThrottle({ burst: 20, refillMs: 60_000 }),
    podOwner: createPodOwner(kubernetes),
    gate: createGate({
      users,
      tickets,
      signIn,
      tokens,
      credentialsOf,
      uidOf: services.uidOf,
      isFresh: heartbeat.isFresh,
      config,
    }),
    admit: createAdmission({ config, fileIdOf }),
  })
  return { app, controllers, users, trail, heartbeat }
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

function silentCaches(caches: Caches): string[] {
  return Object.entries(caches)
    .filter(([, cache]) => Date.now() - cache.heardAt() > longestSilenceMs)
    .map(([name]) => `the watch of ${name} is silent`)
}
