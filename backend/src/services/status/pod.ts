import * as z from 'zod'
import type { KubeObject } from '../../kubernetes/objects.ts'
import { Conditions, count, listOf, Metadata, text, word } from './essence.ts'

/** The most containers of a pod that are looked at. */
const mostContainers = 30

const Ended = z.object({ exitCode: count, reason: word, message: text(), finishedAt: word })
const State = z
  .object({
    waiting: z.object({ reason: word, message: text() }).optional().catch(undefined),
    running: z.object({ startedAt: word }).optional().catch(undefined),
    terminated: Ended.optional().catch(undefined),
  })
  .catch({})
  .default({})
const ContainerStatus = z.object({
  name: word,
  ready: z.boolean().catch(false).default(false),
  containerID: word,
  imageID: text(500),
  restartCount: count,
  state: State,
  lastState: State,
})

const Amounts = z.record(z.string().max(253), z.string().max(40)).catch({}).default({})
const ContainerSpec = z.object({
  name: word,
  image: text(500),
  resources: z.object({ requests: Amounts }).catch({ requests: {} }).default({ requests: {} }),
  ports: listOf(z.object({ name: word, containerPort: count }), 20),
})
const Containers = listOf(ContainerSpec, mostContainers)
const Statuses = listOf(ContainerStatus, mostContainers)

const noStatus = {
  ...{ phase: '', reason: '', message: '', conditions: [], podIPs: [], hostIP: '' },
  ...{ initContainerStatuses: [], containerStatuses: [] },
}
const Pod = z.object({
  metadata: Metadata,
  spec: z
    .object({ nodeName: word, containers: Containers, initContainers: Containers })
    .catch({ nodeName: '', containers: [], initContainers: [] })
    .default({ nodeName: '', containers: [], initContainers: [] }),
  status: z
    .object({
      phase: word,
      reason: word,
      message: text(),
      conditions: Conditions,
      podIPs: listOf(z.object({ ip: word }), 4),
      hostIP: word,
      initContainerStatuses: Statuses,
      containerStatuses: Statuses,
    })
    .catch(noStatus)
    .default(noStatus),
})

/** A container as its pod describes it, and as it stands. */
export interface LiveContainer extends z.infer<typeof ContainerSpec> {
  isInit: boolean
  /** Of this run of it; empty where it did not begin yet. */
  id: string
  /** What its node runs, by digest where it says so: `registry.example.org/alice/app@sha256:…`. */
  imageId: string
  ready: boolean
  restarts: number
  /** What it is doing; nothing where its node has not begun with it. */
  state: z.infer<typeof State>
  /** How it ended before it was started again. */
  lastEnd: Ended | undefined
}
export type Ended = z.infer<typeof Ended>

/** What is kept of a pod. */
export interface LivePod {
  metadata: Metadata
  phase: string
  reason: string
  message: string
  node: string
  /** Its own addresses, and that of its node. */
  ips: string[]
  hostIp: string
  conditions: Conditions
  /** Init containers first, as they run. */
  containers: LiveContainer[]
}

/** What is kept of a pod; undefined for what is none. */
export function readPod(object: KubeObject): LivePod | undefined {
  const read = Pod.safeParse(object)
  if (!read.success) return undefined
  const { metadata, spec, status } = read.data
  const containers = [
    ...spec.initContainers.map((one) => liveContainer(one, { isInit: true, statuses: status.initContainerStatuses })),
    ...spec.containers.map((one) => liveContainer(one, { isInit: false, statuses: status.containerStatuses })),
  ]
  const { phase, reason, message, conditions, podIPs, hostIP: hostIp } = status
  const ips = podIPs.map(({ ip }) => ip)
  return { metadata, phase, reason, message, node: spec.nodeName, ips, hostIp, conditions, containers }
}

interface Standing {
  isInit: boolean
  statuses: z.infer<typeof Statuses>
}

function liveContainer(spec: z.infer<typeof ContainerSpec>, { isInit, statuses }: Standing): LiveContainer {
  const found = statuses.find(({ name }) => name === spec.name)
  const {
    ready = false,
    restartCount: restarts = 0,
    state = {},
    lastState,
    containerID: id = '',
    imageID: imageId = '',
  } = found ?? {}
  return { ...spec, isInit, id, imageId, ready, restarts, state, lastEnd: lastState?.terminated }
}

/** Whether a condition of the pod's holds. */
export function holds(pod: LivePod, type: string): boolean {
  return pod.conditions.some((condition) => condition.type === type && condition.status === 'True')
}

/** Whether it will run no more. */
export function isOver({ phase }: LivePod): boolean {
  return phase === 'Failed' || phase === 'Succeeded'
}
