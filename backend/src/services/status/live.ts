import type { Cache } from '../../kubernetes/cache.ts'
import type { Held } from '../../kubernetes/store.ts'
import type { LiveEvent } from './event.ts'
import type { LivePod } from './pod.ts'
import type { LiveIngress, LiveSlice } from './way.ts'
import type { LiveWorkload } from './workload.ts'

/** What is watched to tell where services stand: as much of each object as is needed. */
export interface LiveCaches {
  pods: Cache<LivePod>
  deployments: Cache<LiveWorkload>
  statefulSets: Cache<LiveWorkload>
  daemonSets: Cache<LiveWorkload>
  replicaSets: Cache<LiveWorkload>
  batchJobs: Cache<LiveWorkload>
  ingresses: Cache<LiveIngress>
  endpointSlices: Cache<LiveSlice>
  events: Cache<LiveEvent>
}

/** What a service is made of at the moment. */
export interface Live {
  pods: LivePod[]
  workloads: LiveWorkload[]
  ingresses: LiveIngress[]
  slices: LiveSlice[]
  /** What Kubernetes tells of its pods and workloads, as it came: the latest last. */
  events: LiveEvent[]
}

/** What leads to a service's address, and who answers there. */
export type Way = Pick<Live, 'ingresses' | 'slices'>

/** Something that belongs to a service by its label. */
export interface OfService extends Held {
  metadata: Held['metadata'] & { service: string }
}

/** The caches of what services consist of. */
export function objectCachesOf(caches: LiveCaches): Pick<Cache<OfService>, 'onChange'>[] {
  const { pods, deployments, statefulSets, daemonSets, replicaSets, batchJobs, ingresses, endpointSlices } = caches
  return [pods, deployments, statefulSets, daemonSets, replicaSets, batchJobs, ingresses, endpointSlices]
}

/** What the services of a namespace are made of, sorted once for all of them. */
export function liveOf(caches: LiveCaches, namespace: string): (service: string) => Live {
  const { deployments, statefulSets, daemonSets, replicaSets, batchJobs } = caches
  const pods = byService(caches.pods.list(namespace))
  const workloads = byService(
    [deployments, statefulSets, daemonSets, replicaSets, batchJobs].flatMap((cache) => cache.list(namespace)),
  )
  const ingresses = byService(caches.ingresses.list(namespace))
  const slices = byService(caches.endpointSlices.list(namespace))
  const events = Map.groupBy(caches.events.list(namespace), keyOfEvent)
  return (service) => {
    const mine = { pods: pods.get(service) ?? [], workloads: workloads.get(service) ?? [] }
    const objects = [...mine.pods.map((pod) => ({ kind: 'Pod', ...pod })), ...mine.workloads]
    return {
      ...mine,
      ingresses: ingresses.get(service) ?? [],
      slices: slices.get(service) ?? [],
      events: objects.flatMap((object) => events.get(keyOf(object)) ?? []),
    }
  }
}

/** What leads to one service: no more than the gate looks at for each page that is opened. */
export function wayOf({ ingresses, endpointSlices }: LiveCaches, { namespace, name }: { namespace: string; name: string }): Way {
  const isOf = ({ metadata }: OfService) => metadata.service === name
  return { ingresses: ingresses.list(namespace).filter(isOf), slices: endpointSlices.list(namespace).filter(isOf) }
}

function byService<T extends { metadata: { service: string } }>(objects: T[]): Map<string, T[]> {
  return Map.groupBy(objects, ({ metadata }) => metadata.service)
}

function keyOf({ kind, metadata: { name, uid } }: { kind: string; metadata: { name: string; uid: string } }): string {
  return `${kind} ${name} ${uid}`
}

function keyOfEvent({ kind, object, uid }: LiveEvent): string {
  return `${kind} ${object} ${uid}`
}
