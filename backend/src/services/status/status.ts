import type { Cause, ServiceState } from '@karvdash/common'
import { whyStopped } from '../idle/words.ts'
import { makesPods } from '../objects.ts'
import type { ServiceRecord } from '../record.ts'
import { told } from './causes.ts'
import type { Live } from './live.ts'
import { isOver, type LivePod } from './pod.ts'
import { podStatus } from './pod-status.ts'
import { givingUpOf, refusalOf } from './refusals.ts'
import type { Sign } from './sign.ts'
import { pastSign } from './signs.ts'
import { wayTo } from './ways.ts'

/** Where a service stands, and why. */
export interface Status {
  state: ServiceState
  /** In plain words, with what to do. */
  reason: string
  cause?: Cause
  /** The container that crashed, where one did: its last lines tell why. */
  crashed?: Crashed
}

/** A container that ended. */
export interface Crashed {
  pod: string
  uid: string
  container: string
  restarts: number
  /** Whether it waits to be started again, so that its log is that of the one before. */
  isPrevious: boolean
}

/** What is known besides: how much the nodes have free, in words. */
export interface Known {
  free?: Sign['free']
}

/** Computes the status of a service from its record and its live objects. */
export function statusOf(record: ServiceRecord, live: Live, known: Known = {}): Status {
  if (record.isDeleting || record.isRemoved) return { state: 'Deleting', reason: 'Everything of it is being removed.' }
  if (record.isStopped) return { state: 'Stopped', reason: whyItStopped(record, live) }
  if (record.phase === 'Failed') return failedLaunch(record.message)
  if (record.phase !== 'Applied') return { state: 'Queued', reason: 'Its objects are being created.' }
  const { current, past } = succession(live.pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined))
  const statuses = current.map((pod) =>
    podStatus(pod, { events: live.events.filter(({ uid }) => uid === pod.metadata.uid), free: known.free }),
  )
  const worst = statuses.toSorted((a, b) => gravity.indexOf(a.state) - gravity.indexOf(b.state))[0]
  const givenUp = givingUpOf(live)
  if (worst?.state === 'Failed') return worst
  const refused = refusalOf(live)
  if (refused) return asTold(refused, (message) => `Its pods are refused: ${message}`)
  if (givenUp && worst?.state !== 'Running')
    return withReason(
      worst,
      asTold(givenUp, (message) => message),
    )
  if (worst && worst.state !== 'Running') return worst
  return settled(record, { ...live, pods: current }, past)
}

function whyItStopped({ idle }: ServiceRecord, { pods }: Live): string {
  if (idle?.stoppedAt !== undefined) return whyStopped(idle)
  return pods.length > 0 ? 'Its pods are ending.' : ''
}

/** The gravest comes first: a service is as well as its worst pod. */
const gravity: ServiceState[] = ['Failed', 'Queued', 'Pulling', 'Starting', 'Running']

function failedLaunch(message: string): Status {
  return asTold({ seen: 'refusal', reason: '', message }, () => message)
}

function asTold(sign: Sign, otherwise: (message: string) => string): Status {
  return told(sign) ?? { state: 'Failed', reason: otherwise(sign.message) }
}

/** What is known of the pod tells more than that its Deployment lost patience. */
function withReason(worst: Status | undefined, givenUp: Status): Status {
  return worst?.cause === undefined ? givenUp : { ...worst, state: 'Failed' }
}

/** Pods that failed and have a successor of the same maker are history. */
function succession(pods: LivePod[]): { current: LivePod[]; past: LivePod[] } {
  const isPast = ({ phase, metadata }: LivePod) =>
    phase === 'Failed' &&
    pods.some((other) => other.metadata.owner?.uid === metadata.owner?.uid && isLater(other, metadata.creationTimestamp))
  const past = new Set(pods.filter((pod) => pod.metadata.owner !== undefined && isPast(pod)))
  return { current: pods.filter((pod) => !past.has(pod)), past: [...past] }
}

function isLater({ phase, metadata }: LivePod, than: string): boolean {
  return metadata.creationTimestamp > than || (phase !== 'Failed' && metadata.creationTimestamp === than)
}

/** Everything that there is runs, or ran to its end. */
function settled(record: ServiceRecord, live: Live, past: LivePod[]): Status {
  const running = live.pods.filter((pod) => !isOver(pod))
  const wanted = live.workloads.reduce((sum, workload) => sum + workload.wanted, 0)
  const before = pastOf(past)
  if (running.length < wanted)
    return { state: 'Queued', reason: before?.reason ?? waitingWords(running.length, wanted), ...caused(before) }
  if (running.length === 0) return live.pods.length > 0 || hasEnded(live) ? ended : idle(record, live)
  const way = wayTo(record, live)
  if (way) return way
  const again = before ?? pastOf(running, pastSign)
  return again ? { state: 'Running', reason: again.reason, ...caused(again) } : { state: 'Running', reason: '' }
}

const ended: Status = { state: 'Stopped', reason: 'It ran to its end. Restart it to run it again.', cause: 'finished' }

function idle({ kinds }: ServiceRecord, { workloads }: Live): Status {
  const named = kinds.map((text) => text.split(' ')[1] ?? '')
  const makers = named.filter((kind) => makesPods({ kind }))
  if (kinds.length > 0 && makers.every((kind) => kind === 'CronJob'))
    return {
      state: 'Running',
      reason: makers.length > 0 ? 'It runs at set times, and waits for the next one.' : 'It has no pods of its own.',
    }
  if (workloads.length > 0) return { state: 'Running', reason: 'It has no pods now: that is how many it is to have.' }
  return { state: 'Queued', reason: 'Waiting for its pods to be created.' }
}

function hasEnded({ workloads }: Live): boolean {
  const jobs = workloads.filter(({ kind }) => kind === 'Job')
  return jobs.some(({ conditions }) => conditions.some(({ type, status }) => type === 'Complete' && status === 'True'))
}

function waitingWords(there: number, wanted: number): string {
  return there === 0
    ? 'Waiting for its pods to be created.'
    : `Waiting for its pods to be created: ${there} of ${wanted} are there.`
}

/** What happened to the latest of some pods, where the catalogue knows. */
function pastOf(
  pods: LivePod[],
  signed = (pod: LivePod): Sign | undefined => ({ seen: 'pod', reason: pod.reason, message: pod.message }),
): Status | undefined {
  const latest = pods.toSorted((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp))
  for (const pod of latest.reverse()) {
    const sign = signed(pod)
    const known = sign && told(sign)
    if (known) return known
  }
  return undefined
}

function caused(status: Status | undefined): Pick<Status, 'cause'> {
  return status?.cause === undefined ? {} : { cause: status.cause }
}
