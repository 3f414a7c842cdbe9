import type { ClusterEvent } from '@karvdash/common'
import type { Kubernetes } from '../../kubernetes/client.ts'
import type { ServiceRecord } from '../record.ts'
import { createCrashLogs } from './crash-logs.ts'
import { type LiveCaches, liveOf, objectCachesOf } from './live.ts'
import type { Room } from './room.ts'
import { crashedOf, type Shown, shownEvents, shownStatus } from './shown.ts'

/** Something that tells of changes, such as a cache. */
export interface Source {
  onChange(listener: (change: { namespace?: string | undefined }) => void): () => void
}

/** Where services stand. */
export interface Statuses {
  /** What tells it for the services of a namespace, as they are now. */
  in(namespace: string): (record: ServiceRecord) => Shown
  /** The status of one, with the last lines of what crashed. */
  explained(record: ServiceRecord): Promise<Shown>
  events(record: ServiceRecord): ClusterEvent[]
  /** What tells when a status may be another. */
  sources: Source[]
}

interface StatusesPorts {
  kubernetes: Kubernetes
  caches: LiveCaches
  /** How much the nodes have free. */
  room: Room
}

/** Tells where services stand from what is watched. */
export function createStatuses({ kubernetes, caches, room }: StatusesPorts): Statuses {
  const logs = createCrashLogs({ kubernetes })
  return {
    in(namespace) {
      const live = liveOf(caches, namespace)
      return (record) => shownStatus(record, live(record.name), { logs, room })
    },
    async explained(record) {
      // One look for both: by the time that the lines are read, it may have crashed again.
      const live = liveOf(caches, record.namespace)(record.name)
      const crashed = crashedOf(record, live)
      if (crashed) await logs.read(record.namespace, crashed)
      return shownStatus(record, live, { logs, room })
    },
    events: (record) => shownEvents(liveOf(caches, record.namespace)(record.name)),
    sources: [...objectCachesOf(caches), caches.events, logs, room],
  }
}
