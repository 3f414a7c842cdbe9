import type { LiveEvent } from './event.ts'
import { holds, type LiveContainer, type LivePod } from './pod.ts'
import type { Sign } from './sign.ts'

/** What is known around a pod. */
export interface Around {
  /** The events of this pod, the latest last. */
  events: LiveEvent[]
  free: Sign['free']
}

/** What of a pod explains that it does not run as it should; undefined where nothing does. */
export function signOf(pod: LivePod, around: Around): Sign | undefined {
  for (const container of pod.containers) {
    const sign =
      waitingSign(container) ?? crashSign(container, around) ?? (pod.phase === 'Failed' ? endSign(pod, container) : undefined)
    if (sign) return sign
  }
  if (pod.phase === 'Failed') return { seen: 'pod', reason: pod.reason, message: pod.message }
  return schedulingSign(pod, around) ?? nodeSign(pod, around) ?? mountSign(pod, around) ?? probeSign(pod, around)
}

/** What happened before to a pod that runs again; undefined where nothing did. */
export function pastSign({ containers }: LivePod): Sign | undefined {
  const hurt = containers.find(({ isInit, lastEnd }) => !isInit && lastEnd !== undefined && lastEnd.exitCode !== 0)
  if (!hurt?.lastEnd) return undefined
  const { reason, message, exitCode, finishedAt } = hurt.lastEnd
  return { ...ofContainer(hurt), seen: 'past', reason, message, exitCode, at: finishedAt }
}

/** A container that waits because its image is on its way or its pod is being prepared: nothing is wrong with it. */
export const preparing: readonly string[] = ['', 'ContainerCreating', 'PodInitializing']

function waitingSign(container: LiveContainer): Sign | undefined {
  const { reason = '', message = '' } = container.state.waiting ?? {}
  if (preparing.includes(reason) || reason === 'CrashLoopBackOff') return undefined
  return { ...ofContainer(container), seen: 'waiting', reason, message }
}

/** One that ended badly: at once where it wanted too much memory; else when it was started again in vain. */
function crashSign(container: LiveContainer, { events }: Around): Sign | undefined {
  const { state, lastEnd, restarts } = container
  const isBackingOff = state.waiting?.reason === 'CrashLoopBackOff'
  const end = state.terminated ?? (isBackingOff ? lastEnd : undefined)
  if (!end || (!isBackingOff && (end.exitCode === 0 || (restarts === 0 && end.reason !== 'OOMKilled')))) return undefined
  const probe = events.findLast(
    ({ reason, container: name, message }) =>
      reason === 'Unhealthy' && name === container.name && !message.startsWith('Readiness'),
  )
  // 137 and 143: it was ended from outside, as a probe that fails does.
  const isEnded = end.exitCode === 137 || end.exitCode === 143
  const { reason, message, exitCode } = end
  return { ...ofContainer(container), seen: 'crash', reason, message, exitCode, probe: isEnded ? probe?.message : undefined }
}

function endSign(pod: LivePod, container: LiveContainer): Sign | undefined {
  const { terminated } = container.state
  // What ended the whole pod explains more than how its containers ended by that.
  if (pod.reason !== '' || !terminated || terminated.exitCode === 0) return undefined
  const { reason, message, exitCode } = terminated
  return { ...ofContainer(container), seen: 'end', reason, message, exitCode }
}

function schedulingSign({ conditions, containers }: LivePod, { free }: Around): Sign | undefined {
  const waits = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
  if (!waits || waits.reason === 'SchedulingGated') return undefined
  const asks = Object.fromEntries(
    containers.filter(({ isInit }) => !isInit).flatMap(({ resources }) => Object.entries(resources.requests)),
  )
  return { seen: 'scheduling', reason: waits.reason, message: waits.message, ...(containers.length === 1 && { asks }), free }
}

function nodeSign(pod: LivePod, { events }: Around): Sign | undefined {
  if (holds(pod, 'Ready')) return undefined
  const last = events.at(-1)
  const isNode = last && ['NodeNotReady', 'FailedCreatePodSandBox', 'NetworkNotReady'].includes(last.reason)
  return isNode ? { seen: 'node', reason: last.reason, message: last.message } : undefined
}

const mounts = ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume']
/** Kubernetes had not heard of it yet, and asks again within a second. */
const passing = /failed to sync (configmap|secret) cache|object "[^"]*"\/"[^"]*" not registered/

function mountSign({ containers }: LivePod, { events }: Around): Sign | undefined {
  if (containers.some(({ state }) => state.running || state.terminated)) return undefined
  // Images are pulled when the volumes are there.
  const last = events.findLast(({ reason, container }) => container !== undefined || mounts.includes(reason))
  const isMount = last && mounts.includes(last.reason) && !passing.test(last.message)
  return isMount ? { seen: 'mount', reason: last.reason, message: last.message } : undefined
}

function probeSign({ containers }: LivePod, { events }: Around): Sign | undefined {
  for (const container of containers) {
    const { running } = container.state
    if (!running || container.ready) continue
    const failing = events.findLast(({ reason, container: name }) => reason === 'Unhealthy' && name === container.name)
    if (failing && failing.at >= running.startedAt)
      return { ...ofContainer(container), seen: 'probe', reason: failing.reason, message: failing.message }
  }
  return undefined
}

function ofContainer({
  name,
  image,
  isInit,
  restarts,
}: LiveContainer): Pick<Sign, 'container' | 'image' | 'isInit' | 'restarts'> {
  return { container: name, image, isInit, restarts }
}
