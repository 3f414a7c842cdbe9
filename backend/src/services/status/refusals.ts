import type { Live } from './live.ts'
import type { Sign } from './sign.ts'
import type { LiveWorkload } from './workload.ts'

/** Two at once were counted in a quota: the controller asks again at once, and nothing has to be done. */
const isRace = /Operation cannot be fulfilled on resourcequotas/

/** Why the pods of workloads are not made: a Deployment says so of itself; of the others it stands in their events. */
export function refusalOf({ workloads, events }: Live): Sign | undefined {
  for (const workload of workloads) {
    const own = workload.conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
    const message = own?.message ?? lastRefusal(workload, events)
    if (message !== undefined && !isRace.test(message)) return { seen: 'refusal', reason: 'FailedCreate', message }
  }
  return undefined
}

function lastRefusal({ kind, wanted, metadata: { uid } }: LiveWorkload, events: Live['events']): string | undefined {
  if (wanted === 0 || kind === 'Deployment') return undefined
  const last = events.findLast((event) => event.uid === uid && /^(Failed|Successful)Create$/.test(event.reason))
  return last?.reason === 'FailedCreate' ? last.message : undefined
}

/** That something gave up: a Job that failed, a Deployment that does not get on. */
export function givingUpOf({ workloads }: Live): Sign | undefined {
  for (const { kind, conditions } of workloads) {
    const end = conditions.find(
      ({ type, status, reason }) =>
        (kind === 'Job' && type === 'Failed' && status === 'True') ||
        (type === 'Progressing' && reason === 'ProgressDeadlineExceeded'),
    )
    if (end) return { seen: 'giving up', reason: end.reason, message: end.message }
  }
  return undefined
}
