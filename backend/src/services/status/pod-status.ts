import { told } from './causes.ts'
import { holds, type LiveContainer, type LivePod } from './pod.ts'
import type { Sign } from './sign.ts'
import { type Around, preparing, signOf } from './signs.ts'
import type { Crashed, Status } from './status.ts'

/** Where one pod stands, and why. */
export function podStatus(pod: LivePod, around: Around): Status {
  if (pod.phase === 'Succeeded') return { state: 'Running', reason: '' }
  const sign = signOf(pod, around)
  const known = sign && told(sign)
  if (known) return { ...known, ...(sign && crashOf(pod, sign)) }
  if (pod.phase === 'Failed')
    return { state: 'Failed', reason: `The pod ended: ${pod.message || pod.reason || 'its program failed'}.` }
  if (pod.conditions.some(({ reason }) => reason === 'SchedulingGated'))
    return { state: 'Queued', reason: 'Something holds it back (a scheduling gate).' }
  if (holds(pod, 'Ready')) return { state: 'Running', reason: '' }
  return onItsWay(pod, around)
}

function crashOf({ metadata, containers }: LivePod, { seen, container }: Sign): { crashed: Crashed } | undefined {
  const found = containers.find(({ name }) => name === container)
  if ((seen !== 'crash' && seen !== 'end') || !found) return undefined
  const isPrevious = found.state.terminated === undefined
  return { crashed: { pod: metadata.name, uid: metadata.uid, container: found.name, restarts: found.restarts, isPrevious } }
}

function onItsWay({ conditions, containers }: LivePod, { events }: Around): Status {
  const isScheduled = conditions.some(({ type, status }) => type === 'PodScheduled' && status === 'True')
  if (!isScheduled) return { state: 'Queued', reason: 'Waiting for a node to be chosen.' }
  const pulled = containers.find((container) => isPulling(container, events))
  if (pulled) return { state: 'Pulling', reason: `Pulling the image ${pulled.image}. A large one takes minutes.` }
  const preparer = containers.find(({ isInit, ready, state }) => isInit && !ready && state.running)
  if (preparer) return { state: 'Starting', reason: `What prepares it runs: the init container "${preparer.name}".` }
  const hasBegun = containers.every(({ state }) => state.running || state.terminated)
  return {
    state: 'Starting',
    reason: hasBegun ? 'Its program runs and is not ready yet.' : 'Its node prepares it: its folders and its network.',
  }
}

/** Whether a container waits for its image: its node said that it pulls it, and not yet that it is there. */
export function isPulling({ name, state }: LiveContainer, events: Around['events']): boolean {
  if (!state.waiting || !preparing.includes(state.waiting.reason)) return false
  return events.findLast(({ container, reason }) => container === name && /^Pull(ing|ed)$/.test(reason))?.reason === 'Pulling'
}
