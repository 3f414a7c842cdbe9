import { labels, namespaceOf } from '@karvdash/common'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Presence } from './filesystem/presence.ts'
import { type Cache, type CacheOptions, openCache } from './kubernetes/cache.ts'
import type { Kubernetes } from './kubernetes/client.ts'
import type { Discover } from './kubernetes/discovery.ts'
import { type Lease, standForLease } from './kubernetes/lease.ts'
import type { KubeObject } from './kubernetes/objects.ts'
import { createReconciler, type Reconciler } from './kubernetes/reconciler.ts'
import { resources } from './kubernetes/resources.ts'
import { createFinisher, type Finisher, StillLaunching } from './services/reconcile.ts'
import { isUnfinished, readableRecord } from './services/record.ts'
import { jobSelector } from './storage/jobs/record.ts'
import { accountSelector } from './users/account.ts'
import type { Closing } from './users/closing.ts'
import { type Leaving, StillLeaving } from './users/leaving.ts'
import { createReconcileUser } from './users/reconcile.ts'

/** Everything that is watched, kept in memory. */
export interface Caches {
  users: Cache
  accounts: Cache
  namespaces: Cache
  bindings: Cache
  records: Cache
  pods: Cache
  deployments: Cache
  jobs: Cache
}

/** Opens all caches, side by side; resolves when each has its first list. */
export async function openCaches(kubernetes: Kubernetes, config: Config, log: Logger): Promise<Caches> {
  const open = (name: string, options: Omit<CacheOptions, 'kubernetes'>) =>
    openCache({ ...options, kubernetes, onError: (error) => log.warn({ err: error, cache: name }, 'watch broke, listing again') })
  const managed = `${labels.managedBy}=karvdash`
  const ofServices = labels.service
  const [users, accounts, namespaces, bindings, records, pods, deployments, jobs] = await Promise.all([
    open('users', { resource: resources.users }),
    open('accounts', { resource: resources.secrets, place: { namespace: config.namespace }, selector: accountSelector }),
    open('namespaces', { resource: resources.namespaces, selector: managed }),
    open('bindings', { resource: resources.roleBindings, selector: managed }),
    open('records', { resource: resources.serviceRecords, trim: withoutManifest }),
    open('pods', { resource: resources.pods, selector: ofServices, trim: podEssence }),
    open('deployments', { resource: resources.deployments, selector: ofServices, trim: withoutManagedFields }),
    open('jobs', {
      resource: resources.secrets,
      place: { namespace: config.namespace },
      selector: jobSelector,
      trim: withoutManagedFields,
    }),
  ])
  return { users, accounts, namespaces, bindings, records, pods, deployments, jobs }
}

export interface ControllerPorts {
  kubernetes: Kubernetes
  discover: Discover
  caches: Caches
  config: Config
  ca: () => string
  presence: Presence
  closing: Closing
  leaving: Leaving
  log: Logger
}

/** What keeps the cluster as it should be. */
export interface Controllers {
  users: Reconciler
  services: Reconciler
  finish: Finisher['finish']
  /** Whether this replica is the one that looks after what is everybody's. */
  holdsLease(): boolean
  stop(): Promise<void>
}

const resyncMs = 600_000

/** Starts them: each change of what is watched asks for a run, and so does time; the replica with the lease runs. */
export function startControllers(ports: ControllerPorts): Controllers {
  const { kubernetes, discover, caches, config, ca, presence, closing, leaving, log } = ports
  const failed = (what: string) => (key: string, error: unknown) => {
    if (!(error instanceof StillLaunching || error instanceof StillLeaving))
      log.warn({ err: error, [what]: key }, 'not reconciled, will try again')
  }
  const users = createReconciler({
    reconcile: createReconcileUser({ kubernetes, ...caches, config, ca, presence, closing, leaving }),
    onError: failed('user'),
  })
  const { reconcile, finish } = createFinisher({ kubernetes, discover })
  const services = createReconciler({ reconcile, onError: failed('service') })
  const all = () => {
    for (const { metadata } of caches.users.list()) users.request(metadata.name)
    for (const record of caches.records.list()) requestService(record)
  }
  const requestService = (object: KubeObject) => {
    const record = readableRecord(object)
    if (record && isUnfinished(record)) services.request(`${record.namespace}/${record.name}`)
  }
  const lease = standForLease({
    kubernetes,
    namespace: config.namespace,
    name: 'karvdash-reconciler',
    holder: config.podName,
    onHeld: all,
  })
  follow(caches, lease, { user: users.request, service: requestService })
  const timer = setInterval(() => lease.isHeld() && all(), resyncMs * (0.9 + Math.random() / 5)).unref()
  return {
    users,
    services,
    finish,
    holdsLease: lease.isHeld,
    async stop() {
      clearInterval(timer)
      users.stop()
      services.stop()
      for (const cache of Object.values<Cache>({ ...caches })) cache.stop()
      await lease.release()
    },
  }
}

function follow(
  caches: Caches,
  lease: Lease,
  request: { user: (name: string) => void; service: (record: KubeObject) => void },
): void {
  caches.users.onChange(({ name }) => lease.isHeld() && request.user(name))
  const ownerOfNamespace = new Map(caches.users.list().map(({ metadata: { name } }) => [namespaceOf(name), name]))
  caches.users.onChange(({ name }) => ownerOfNamespace.set(namespaceOf(name), name))
  const repair = (namespace: string | undefined) => {
    const user = ownerOfNamespace.get(namespace ?? '')
    if (user !== undefined && lease.isHeld()) request.user(user)
  }
  caches.namespaces.onChange(({ name }) => repair(name))
  caches.bindings.onChange(({ namespace }) => repair(namespace))
  caches.records.onChange(({ object }) => object && lease.isHeld() && request.service(object))
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata as KubeObject['metadata'] & { managedFields?: unknown }
  return { ...object, metadata }
}

function withoutManifest(object: KubeObject): KubeObject {
  const { manifest: _manifest, ...spec } = (object['spec'] ?? {}) as Record<string, unknown>
  return { ...withoutManagedFields(object), spec }
}

function podEssence(object: KubeObject): KubeObject {
  const { containers = [] } = (object['spec'] ?? {}) as { containers?: { name?: string; image?: string }[] }
  return { ...withoutManagedFields(object), spec: { containers: containers.map(({ name, image }) => ({ name, image })) } }
}
