import { labels, namespaceOf } from '@karvdash/common'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Presence } from './filesystem/presence.ts'
import { type Cache, type CacheOptions, openCache } from './kubernetes/cache.ts'
import type { Kubernetes } from './kubernetes/client.ts'
import type { Discover } from './kubernetes/discovery.ts'
import { type Lease, standForLease } from './kubernetes/lease.ts'
import { holding } from './kubernetes/notes.ts'
import type { KubeObject } from './kubernetes/objects.ts'
import { createReconciler, type Reconciler } from './kubernetes/reconciler.ts'
import { type Resource, resources } from './kubernetes/resources.ts'
import type { Change, Held } from './kubernetes/store.ts'
import { additionMark } from './registry/additions/record.ts'
import { bookSelector } from './registry/book-record.ts'
import { createFinisher, type Finisher, StillLaunching } from './services/reconcile.ts'
import { isUnfinished, readableRecord } from './services/record.ts'
import { readEvent } from './services/status/event.ts'
import { createEventBook } from './services/status/event-book.ts'
import { type LiveCaches, liveOf, type OfService, objectCachesOf } from './services/status/live.ts'
import { readPod } from './services/status/pod.ts'
import { statusOf } from './services/status/status.ts'
import { readIngress, readSlice } from './services/status/way.ts'
import { readWorkload } from './services/status/workload.ts'
import { jobMark } from './storage/jobs/record.ts'
import { accountSelector } from './users/account.ts'
import type { Closing } from './users/closing.ts'
import { type Leaving, StillLeaving } from './users/leaving.ts'
import { createReconcileUser } from './users/reconcile.ts'
import { onSignedOut } from './users/signed-out.ts'

/** Everything that is watched, kept in memory. */
export interface Caches extends LiveCaches {
  users: Cache
  accounts: Cache
  namespaces: Cache
  bindings: Cache
  records: Cache
  jobs: Cache
  /** What is noted of images. */
  images: Cache
}

/** Opens all caches, side by side; resolves when each has its first list. */
export async function openCaches(kubernetes: Kubernetes, config: Config, log: Logger): Promise<Caches> {
  const open: Open = (name, options) =>
    openCache({ ...options, kubernetes, onError: (error) => log.warn({ err: error, cache: name }, 'watch broke, listing again') })
  const managed = `${labels.managedBy}=karvdash`
  const [users, accounts, namespaces, bindings, records, jobs, images, live] = await Promise.all([
    open('users', { resource: resources.users }),
    open('accounts', { resource: resources.secrets, place: { namespace: config.namespace }, selector: accountSelector }),
    open('namespaces', { resource: resources.namespaces, selector: managed }),
    open('bindings', { resource: resources.roleBindings, selector: managed }),
    open('records', { resource: resources.serviceRecords, trim: withoutManifest }),
    open('jobs', {
      resource: resources.secrets,
      place: { namespace: config.namespace },
      selector: holding(jobMark, additionMark),
      trim: withoutManagedFields,
    }),
    open('images', {
      resource: resources.secrets,
      place: { namespace: config.namespace },
      selector: bookSelector,
      trim: withoutManagedFields,
    }),
    openLiveCaches(open),
  ])
  return { users, accounts, namespaces, bindings, records, jobs, images, ...live }
}

type Open = <T extends Held = KubeObject>(name: string, options: Omit<CacheOptions<T>, 'kubernetes'>) => Promise<Cache<T>>

/** What services are made of: of each object as much as their status needs. */
async function openLiveCaches(open: Open): Promise<LiveCaches> {
  const selector = labels.service
  const workloads = (name: string, resource: Resource) => open(name, { resource, selector, trim: readWorkload })
  const [pods, deployments, statefulSets, daemonSets, replicaSets, batchJobs, ingresses, endpointSlices, events] =
    await Promise.all([
      open('pods', { resource: resources.pods, selector, trim: readPod }),
      workloads('deployments', resources.deployments),
      workloads('statefulSets', resources.statefulSets),
      workloads('daemonSets', resources.daemonSets),
      workloads('replicaSets', resources.replicaSets),
      workloads('batchJobs', resources.jobs),
      open('ingresses', { resource: resources.ingresses, selector, trim: readIngress }),
      open('endpointSlices', { resource: resources.endpointSlices, selector, trim: readSlice }),
      open('events', { resource: resources.events, trim: readEvent, store: createEventBook() }),
    ])
  return { pods, deployments, statefulSets, daemonSets, replicaSets, batchJobs, ingresses, endpointSlices, events }
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
  /** What a user's pods pull images with, for now; undefined where there is no registry. */
  pullPassword: (user: string) => string | undefined
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
  const { kubernetes, discover, caches, config, ca, presence, closing, leaving, pullPassword, log } = ports
  const failed = (what: string) => (key: string, error: unknown) => {
    if (!(error instanceof StillLaunching || error instanceof StillLeaving))
      log.warn({ err: error, [what]: key }, 'not reconciled, will try again')
  }
  const users = createReconciler({
    reconcile: createReconcileUser({ kubernetes, ...caches, config, ca, presence, closing, leaving, pullPassword }),
    onError: failed('user'),
  })
  const { reconcile, finish } = createFinisher({
    kubernetes,
    discover,
    statusOf: (record) => statusOf(record, liveOf(caches, record.namespace)(record.name)),
  })
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
  onSignedOut(caches.accounts, (user) => lease.isHeld() && users.request(user))
  const whenUpdating = ({ namespace, object }: Change<OfService>) => {
    const record = caches.records.get(object?.metadata.service ?? '', namespace)
    if (record && lease.isHeld() && readableRecord(record)?.updatingSince !== undefined) requestService(record)
  }
  for (const cache of objectCachesOf(caches)) cache.onChange(whenUpdating)
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
      for (const cache of Object.values<Pick<Cache, 'stop'>>({ ...caches })) cache.stop()
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
  const { manifest: _manifest, values: _values, previous, ...spec } = (object['spec'] ?? {}) as Record<string, unknown>
  const { since } = (previous ?? {}) as { since?: unknown }
  return { ...withoutManagedFields(object), spec: { ...spec, ...(since !== undefined && { previous: { since } }) } }
}
