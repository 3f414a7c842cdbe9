import {
  type Launch,
  namespaceOf,
  notFound,
  ownerOf,
  Problem,
  type Service,
  type ServiceEvent,
  type ServicePassword,
} from '@karvdash/common'
import type { Config } from '../config.ts'
import { hostOf, serviceOrigin } from '../exposure/hosts.ts'
import { passwordUsername } from '../exposure/objects.ts'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import type { Reconciler } from '../kubernetes/reconciler.ts'
import { resources } from '../kubernetes/resources.ts'
import type { Library } from '../templates/library.ts'
import { changesOf } from './changes.ts'
import { createLaunch } from './launch.ts'
import { isOpen } from './objects.ts'
import { planLaunch } from './plan.ts'
import type { Finisher } from './reconcile.ts'
import { passwordOf, readableRecord, type ServiceRecord, secretsName } from './record.ts'
import { statusOf } from './status.ts'

/** What runs in users' namespaces. */
export interface Services {
  /** Launches a service; comes back when its objects are applied, or it failed. @throws Problem 400, 404, 409. */
  launch(user: string, launch: Launch): Promise<Service>
  /** The objects that a launch would create. */
  preview(user: string, launch: Launch): KubeObject[]
  list(user: string): Service[]
  /** @throws Problem 404. */
  get(user: string, name: string): Promise<Service>
  /** By what a service is entered that the gate does not stand before. @throws Problem 404. */
  password(user: string, name: string): Promise<ServicePassword>
  /** Removes what makes pods and keeps the rest, volumes too; or applies it again. @throws Problem 404. */
  setStopped(user: string, name: string, stopped: boolean): Promise<Service>
  /** Deletes the record, and with it every object of the service. @throws Problem 404. */
  remove(user: string, name: string): Promise<void>
  /** All services of a user, then each change. */
  watch(user: string, signal: AbortSignal): AsyncGenerator<ServiceEvent>
  /** What the gate has to know of a service, undefined where there is none of that name: one that is launched anew has another uid. */
  entryOf(owner: { user: string; service: string }): { uid: string; sharedWith: string[] } | undefined
}

export interface ServicesPorts {
  kubernetes: Kubernetes
  library: Library
  /** Records, and the live objects of services. */
  caches: ServiceCaches
  /** Keeps whoever reconciles services away from one while something else is done with it. */
  run: Reconciler['run']
  /** Applies what was recorded. */
  finish: Finisher['finish']
  config: Config
}

/** What is watched to tell a service's status. */
export interface ServiceCaches {
  records: Cache
  pods: Cache
  deployments: Cache
}

/** Services as records that own their objects. */
export function createServices(ports: ServicesPorts): Services {
  const { kubernetes, library, caches, config } = ports
  const recordsOf = (user: string) => caches.records.list(namespaceOf(user)).flatMap((record) => readableRecord(record) ?? [])

  function shown(record: ServiceRecord): Service {
    const { name, namespace, template, createdAt, path, sharedWith } = record
    const mine = (object: KubeObject) => object.metadata.labels?.['karvdash.io/service'] === name
    const live = { pods: caches.pods.list(namespace).filter(mine), deployments: caches.deployments.list(namespace).filter(mine) }
    return {
      name,
      template,
      createdAt,
      ...statusOf(record, live),
      ...(path !== undefined && { url: urlOf(record, config) + path }),
      ...(sharedWith.length > 0 && { sharedWith }),
    }
  }
  async function get(user: string, name: string): Promise<Service> {
    const namespace = namespaceOf(user)
    // One launched on another replica a moment ago may not have reached our cache yet.
    const stored = caches.records.get(name, namespace) ?? (await kubernetes.get(resources.serviceRecords, { namespace, name }))
    const record = stored && readableRecord(stored)
    if (!record) throw notFound('service', name)
    return shown(record)
  }
  const launch = createLaunch({ ...ports, records: caches.records, shown, recordsOf })
  return {
    launch,
    preview: (user, { template, name, values }) =>
      planLaunch({ template: library.find(template), user, name: name ?? template, values, config }).objects.map(masked),
    list: (user) => recordsOf(user).map(shown),
    get,
    password: (user, name) => readPassword(kubernetes, namespaceOf(user), name),
    async setStopped(user, name, stopped) {
      const namespace = namespaceOf(user)
      await wantStopped(ports, { namespace, name, stopped })
      await ports.run(`${namespace}/${name}`)
      return get(user, name)
    },
    async remove(user, name) {
      const namespace = namespaceOf(user)
      const record = await kubernetes.get(resources.serviceRecords, { namespace, name })
      if (!record) throw notFound('service', name)
      await removeClaims(kubernetes.as({ namespace }), namespace, name)
      await kubernetes.remove(resources.serviceRecords, { namespace, name }, { foreground: true, uid: record.metadata.uid })
    },
    watch: (user, signal) => changesOf(caches, namespaceOf(user), { all: () => recordsOf(user).map(shown), signal }),
    entryOf({ user, service }) {
      const stored = caches.records.get(service, namespaceOf(user))
      return stored && readableRecord(stored)
    },
  }
}

async function readPassword(kubernetes: Kubernetes, namespace: string, service: string): Promise<ServicePassword> {
  const secret = await kubernetes.get(resources.secrets, { namespace, name: secretsName(service) })
  const password = secret && passwordOf(secret)
  if (password === undefined) throw notFound('password of the service', service)
  return { username: passwordUsername, password }
}

/** Records whether a service is to be stopped: whoever reconciles does it. @throws Problem 404. */
async function wantStopped(
  { kubernetes, caches }: Pick<ServicesPorts, 'kubernetes' | 'caches'>,
  { stopped, ...place }: { namespace: string; name: string; stopped: boolean },
): Promise<void> {
  const found = await kubernetes.get(resources.serviceRecords, place)
  const record = found && readableRecord(found)
  if (!record || record.isDeleting) throw notFound('service', place.name)
  await caches.records.caughtUp(await kubernetes.patch(resources.serviceRecords, place, { spec: { stopped } }))
}

/** Claims of a StatefulSet's templates are nobody's dependents: they stay unless they are named. */
async function removeClaims(kubernetes: Kubernetes, namespace: string, service: string): Promise<void> {
  const { items } = await kubernetes.list(resources.claims, { namespace }, `karvdash.io/service=${service}`)
  await Promise.all(items.map(({ metadata: { name } }) => kubernetes.remove(resources.claims, { namespace, name })))
}

function urlOf({ name, namespace }: ServiceRecord, config: Config): string {
  const user = ownerOf(namespace)
  if (user === undefined) throw new Problem(500, 'Not a user', { detail: `${namespace} is no user's namespace.` })
  return serviceOrigin(hostOf({ service: name, user }, config), config)
}

/** A preview shows which Secrets there would be, not what is in them. */
function masked(object: KubeObject): KubeObject {
  if (isOpen(object)) return object
  const { data: _data, stringData: _stringData, ...rest } = object
  return rest as KubeObject
}
