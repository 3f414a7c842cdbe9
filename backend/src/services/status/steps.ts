import type { ServiceStep } from '@karvdash/common'
import type { ServiceRecord } from '../record.ts'
import type { Live } from './live.ts'
import { holds, isOver, type LiveContainer, type LivePod } from './pod.ts'
import { preparing } from './signs.ts'
import { isReached } from './ways.ts'

type Step = ServiceStep['step']

/** How far a service came, and when: each step that is done has its time; one that is half done says how far it is. */
export function stepsOf(record: ServiceRecord, live: Live): ServiceStep[] {
  const recorded: ServiceStep = { step: 'Recorded', at: record.createdAt }
  if (record.isStopped || record.isDeleting || record.isRemoved || record.phase !== 'Applied') return [recorded]
  const pods = live.pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && pod.phase !== 'Failed')
  const made = [...live.workloads, ...live.pods].map(({ metadata }) => metadata.creationTimestamp)
  const wanted = Math.max(
    pods.length,
    live.workloads.reduce((sum, workload) => sum + workload.wanted, 0),
  )
  const containers = pods.flatMap((pod) => pod.containers)
  const ready = step('Ready', pods.map(readyAt), wanted)
  return [
    recorded,
    { step: 'Applied', ...at(made.length > 0 ? made.toSorted()[0] : undefined) },
    step(
      'Scheduled',
      pods.map((pod) => conditionAt(pod, 'PodScheduled')),
      wanted,
    ),
    step(
      'Pulling',
      containers.map((container) => pulledAt(container, live)),
      Math.max(containers.length, wanted),
    ),
    step('Starting', containers.map(begunAt), Math.max(containers.length, wanted)),
    ready,
    ...(record.path === undefined
      ? []
      : [{ step: 'Reachable' as const, ...at(isReached(record, live) ? reachableAt(ready, live) : undefined) }]),
  ]
}

/** A step of many parts: done when the last of them is. */
function step(name: Step, times: (string | undefined)[], wanted: number): ServiceStep {
  const done = times.filter((time) => time !== undefined).toSorted()
  if (wanted > 0 && done.length >= wanted) return { step: name, ...at(done.at(-1)) }
  return { step: name, ...(wanted > 1 && { detail: `${done.length} of ${wanted}` }) }
}

function at(time: string | undefined): { at?: string } {
  return time ? { at: time } : {}
}

function conditionAt(pod: LivePod, type: string): string | undefined {
  return pod.conditions.find((condition) => condition.type === type && condition.status === 'True')?.lastTransitionTime
}

function readyAt(pod: LivePod): string | undefined {
  if (isOver(pod)) return pod.containers[0]?.state.terminated?.finishedAt
  return holds(pod, 'Ready') ? conditionAt(pod, 'Ready') : undefined
}

/** When the image of a container was there: as its node told, or when it began where nobody remembers any more. */
function pulledAt(container: LiveContainer, { events }: Live): string | undefined {
  const told = events.findLast(({ container: name, reason }) => name === container.name && reason === 'Pulled')
  const isThere =
    !container.state.waiting ||
    (!preparing.includes(container.state.waiting.reason) && !/image/i.test(container.state.waiting.reason))
  const hasBegun = begunAt(container) !== undefined
  if (hasBegun || (isThere && container.state.terminated)) return told?.at ?? begunAt(container)
  return isThere && container.state.waiting ? told?.at : undefined
}

function begunAt({ state, lastEnd }: LiveContainer): string | undefined {
  return state.running?.startedAt ?? state.terminated?.finishedAt ?? lastEnd?.finishedAt
}

/** Nothing tells when an address began to answer: it did when its pods were ready and its Ingress was there. */
function reachableAt(ready: ServiceStep, { ingresses }: Live): string | undefined {
  return [ready.at ?? '', ...ingresses.map(({ metadata }) => metadata.creationTimestamp)].toSorted().at(-1)
}
