import type { ClusterEvent, Service, ServicePod } from '@karvdash/common'
import type { ServiceRecord } from '../record.ts'
import type { CrashLogs } from './crash-logs.ts'
import type { Live } from './live.ts'
import type { LivePod } from './pod.ts'
import type { Room } from './room.ts'
import { type Crashed, statusOf } from './status.ts'
import { stepsOf } from './steps.ts'

/** The most pods of a service that are shown. */
const mostPods = 50
const mostEvents = 200

/** What of a service is computed from what lives. */
export type Shown = Pick<Service, 'state' | 'reason' | 'cause' | 'steps' | 'pods' | 'lastLog'>

export interface ShownPorts {
  logs: Pick<CrashLogs, 'linesOf'>
  room: Pick<Room, 'free'>
}

/** Where a service stands, how far it came, its pods, and the last lines of the one that crashed. */
export function shownStatus(record: ServiceRecord, live: Live, { logs, room }: ShownPorts): Shown {
  const { crashed, ...status } = statusOf(record, live, { free: (resource) => room.free(record.namespace, resource) })
  const lines = crashed && logs.linesOf(record.namespace, crashed)
  return {
    ...status,
    steps: stepsOf(record, live),
    pods: live.pods.slice(0, mostPods).map(shownPod),
    ...(lines && lines.length > 0 && { lastLog: lines }),
  }
}

/** The container whose last lines explain where a service stands; undefined where none crashed. */
export function crashedOf(record: ServiceRecord, live: Live): Crashed | undefined {
  return statusOf(record, live).crashed
}

function shownPod({ metadata, containers }: LivePod): ServicePod {
  const lasting = containers.filter(({ isInit }) => !isInit)
  return {
    name: metadata.name,
    containers: containers.map(({ name, image, ready, restarts }) => ({ name, image, ready, restarts })),
    ports: lasting.flatMap(({ ports }) => ports.map(({ name, containerPort: port }) => ({ ...(name !== '' && { name }), port }))),
  }
}

/** What Kubernetes tells of a service, the latest first. */
export function shownEvents({ events }: Live): ClusterEvent[] {
  const shown = events.map(({ at, isWarning, reason, message, kind, object, count }): ClusterEvent => {
    return { at, type: isWarning ? 'Warning' : 'Normal', reason, message, about: `${kind} ${object}`, count }
  })
  // Most times are of whole seconds: within one, what came last is the latest.
  const second = ({ at }: ClusterEvent) => at.slice(0, '2026-01-01T09:00:00'.length)
  return shown
    .reverse()
    .sort((a, b) => second(b).localeCompare(second(a)))
    .slice(0, mostEvents)
}
