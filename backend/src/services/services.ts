import {
  type ClusterEvent,
  type DeletedObject,
  type Launch,
  type Launched,
  namespaceOf,
  notFound,
  ownerOf,
  Problem,
  type Service,
  type ServiceEvent,
  type ServiceLaunch,
  type ServicePassword,
  type ServiceUpdate,
  type UpdateResult,
} from '@karvdash/common'
import type { Config } from '../config.ts'
import { hostOf, serviceOrigin } from '../exposure/hosts.ts'
import { passwordUsername } from '../exposure/objects.ts'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { Discover } from '../kubernetes/discovery.ts'
import type { Reconciler } from '../kubernetes/reconciler.ts'
import { resources } from '../kubernetes/resources.ts'
import type { Templates } from '../templates/templates.ts'
import { changesOf } from './changes.ts'
import { createEntrance } from './entrance.ts'
import type { CheckEntries } from './entries.ts'
import { createFindMisfit, refuseMisfit } from './fit.ts'
import { createLaunch, type LaunchPorts } from './launch.ts'
import { createLife } from './life.ts'
import { createPreview, type Previews } from './preview.ts'
import type { Finisher } from './reconcile.ts'
import { readableRecord, type ServiceRecord } from './record.ts'
import { passwordOf, secretsName } from './secrets.ts'
import type { LiveCaches } from './status/live.ts'
import type { Room } from './status/room.ts'
import { createStatuses } from './status/statuses.ts'

/** What runs in users' namespaces. */
export interface Services extends Previews {
  /** Launches a service; comes back when its objects are applied, or it failed. @throws Problem 400, 404, 409, 429. */
  launch(user: string, launch: Launch): Promise<Launched>
  list(user: string): Service[]
  /** @throws Problem 404. */
  get(user: string, name: string): Promise<Service>
  /** What Kubernetes tells of its pods and workloads, the latest first. @throws Problem 404. */
  events(user: string, name: string): Promise<ClusterEvent[]>
  /** By what a service is entered that the gate does not stand before. @throws Problem 404. */
  password(user: string, name: string): Promise<ServicePassword>
  /** Removes what makes pods and keeps the rest, volumes too; or applies it again. @throws Problem 404. */
  setStopped(user: string, name: string, stopped: boolean): Promise<Service>
  /** Lets all of it begin anew. @throws Problem 404, 409. */
  restart(user: string, name: string): Promise<Service>
  /** Counts as using it: one that is about to be stopped, since nobody uses it, goes on. @throws Problem 404, 409. */
  keep(user: string, name: string): Promise<Service>
  /** How it was launched. @throws Problem 404. */
  launched(user: string, name: string): Promise<ServiceLaunch>
  /** Changes values of it, and takes its template as it is now. @throws Problem 400, 404, 409. */
  update(user: string, name: string, update: ServiceUpdate): Promise<UpdateResult>
  /** What would go with it. @throws Problem 404. */
  deletion(user: string, name: string): Promise<DeletedObject[]>
  /** Deletes the record, and with it every object of the service. @throws Problem 404. */
  remove(user: string, name: string): Promise<void>
  /** All services of a user, then each change. */
  watch(user: string, signal: AbortSignal): AsyncGenerator<ServiceEvent>
  /** What the gate has to know of a service, undefined where there is none of that name: one that is launched anew has another uid. */
  entryOf(owner: { user: string; service: string }): ServiceEntry | undefined
  /** A service at whose address nobody can answer; undefined for another. */
  unanswered(owner: { user: string; service: string }): Service | undefined
}

/** What the gate has to know of a service. */
export interface ServiceEntry {
  uid: string
  sharedWith: string[]
  /** Whether its owner was told that it is to be stopped, since nobody uses it. */
  isWarned: boolean
}

export interface ServicesPorts {
  kubernetes: Kubernetes
  discover: Discover
  templates: Pick<Templates, 'find'>
  /** Records, and the live objects of services. */
  caches: ServiceCaches
  /** Keeps whoever reconciles services away from one while something else is done with it. */
  run: Reconciler['run']
  /** Has a service looked at again soon. */
  request: Reconciler['request']
  /** Applies what was recorded. */
  finish: Finisher['finish']
  /** Refuses launches that name files or folders which are not there. */
  checkEntries: CheckEntries
  /** How much the nodes have free. */
  room: Room
  config: Config
}

/** What is watched to tell a service's status. */
export interface ServiceCaches extends LiveCaches {
  records: Cache
}

/** Services as records that own their objects. */
export function createServices(ports: ServicesPorts): Services {
  const { kubernetes, caches, config } = ports
  const statuses = createStatuses(ports)
  const recordsOf = (user: string) => caches.records.list(namespaceOf(user)).flatMap((record) => readableRecord(record) ?? [])

  const shown = (record: ServiceRecord, status = statuses.in(record.namespace)(record)): Service => ({
    ...described(record, config),
    ...status,
  })
  function list(user: string): Service[] {
    const statusOf = statuses.in(namespaceOf(user))
    return recordsOf(user).map((record) => shown(record, statusOf(record)))
  }
  async function recordOf(user: string, name: string): Promise<ServiceRecord> {
    const namespace = namespaceOf(user)
    // One launched on another replica a moment ago may not have reached our cache yet.
    const object = caches.records.get(name, namespace) ?? (await kubernetes.get(resources.serviceRecords, { namespace, name }))
    const record = object && readableRecord(object)
    if (!record) throw notFound('service', name)
    return record
  }
  async function get(user: string, name: string): Promise<Service> {
    const record = await recordOf(user, name)
    return shown(record, await statuses.explained(record))
  }
  const misfit = createFindMisfit(ports)
  const check: LaunchPorts['check'] = async (user, plan) => {
    await ports.checkEntries(user, plan.entries)
    refuseMisfit(await misfit(plan))
  }
  const launch = createLaunch({ ...ports, records: caches.records, shown: (record) => shown(record), recordsOf, check })
  const namesOf = (user: string) => recordsOf(user).map(({ name }) => name)
  const previews = createPreview({ ...ports, namesOf, misfit })
  return {
    launch,
    ...previews,
    list,
    get,
    events: async (user, name) => statuses.events(await recordOf(user, name)),
    password: (user, name) => readPassword(kubernetes, namespaceOf(user), name),
    ...createLife({ ...ports, records: caches.records, get }),
    watch: (user, signal) =>
      changesOf([caches.records, ...statuses.sources], namespaceOf(user), { all: () => list(user), signal }),
    ...createEntrance({ caches, shown: (record) => shown(record) }),
  }
}

/** What a record tells of its service. */
function described(record: ServiceRecord, config: Config): Omit<Service, 'state' | 'reason'> {
  const { name, template, createdAt, path, sharedWith, takenBack, idle, isStopped } = record
  const isWarned = config.idle !== undefined && idle !== undefined && !isStopped
  return {
    name,
    template,
    createdAt,
    ...(path !== undefined && { url: urlOf(record, config) + path }),
    ...(sharedWith.length > 0 && { sharedWith }),
    ...(isWarned && { idle: { since: idle.since, stopsAt: idle.stopsAt } }),
    ...(takenBack !== undefined && { notice: `Its last update was taken back: ${takenBack}` }),
  }
}

async function readPassword(kubernetes: Kubernetes, namespace: string, service: string): Promise<ServicePassword> {
  const secret = await kubernetes.get(resources.secrets, { namespace, name: secretsName(service) })
  const password = secret && passwordOf(secret)
  if (password === undefined) throw notFound('password of the service', service)
  return { username: passwordUsername, password }
}

function urlOf({ name, namespace }: ServiceRecord, config: Config): string {
  const user = ownerOf(namespace)
  if (user === undefined) throw new Problem(500, 'Not a user', { detail: `${namespace} is no user's namespace.` })
  return serviceOrigin(hostOf({ service: name, user }, config), config)
}
