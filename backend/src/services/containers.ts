import type { Cache } from '../kubernetes/cache.ts'
import { rememberedPer } from '../memory.ts'
import type { LivePod } from './status/pod.ts'

/** A container of a pod of a service. */
export interface Container {
  pod: string
  /** Of the pod: another one may have its name later. */
  podUid: string
  container: string
  /** Of this run of it; undefined where it did not begin yet. */
  id: string | undefined
  isRunning: boolean
  /** Whether it prepares the pod, or serves it beside the others. */
  isInit: boolean
  /** Whether it ran before, and was started again. */
  hasPrevious: boolean
}

/** The containers of the pods that carry a service's label, in its namespace alone; the oldest pod first, and in it those that prepare it. */
export function containersOf(pods: Pick<Cache<LivePod>, 'list'>, namespace: string, service: string): Container[] {
  return pods
    .list(namespace)
    .filter(({ metadata }) => metadata.service === service)
    .sort((a, b) => ageOf(a).localeCompare(ageOf(b)))
    .flatMap(ofPod)
}

function ageOf({ metadata: { creationTimestamp, name } }: LivePod): string {
  return `${creationTimestamp} ${name}`
}

const ofPod = rememberedPer(({ metadata, containers }: LivePod): Container[] =>
  containers.map(({ name, id, state, lastEnd, isInit }) => ({
    ...{ pod: metadata.name, podUid: metadata.uid, container: name, isInit },
    id: id !== '' && (state.running || state.terminated) ? id : undefined,
    isRunning: state.running !== undefined,
    hasPrevious: lastEnd !== undefined,
  })),
)
