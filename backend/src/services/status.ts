import type { ServiceState } from '@karvdash/common'
import * as z from 'zod'
import type { KubeObject } from '../kubernetes/objects.ts'
import type { ServiceRecord } from './record.ts'

/** What a service is made of at the moment. */
export interface Live {
  pods: KubeObject[]
  deployments: KubeObject[]
}

/** Where a service stands, and why. */
export interface Status {
  state: ServiceState
  reason: string
}

/** Computes the status of a service from its record and its live objects. */
export function statusOf(record: ServiceRecord, live: Live): Status {
  if (record.isDeleting) return { state: 'Deleting', reason: 'Everything of it is being removed.' }
  if (record.isStopped) return { state: 'Stopped', reason: live.pods.length > 0 ? 'Its pods are ending.' : '' }
  if (record.phase === 'Failed') return { state: 'Failed', reason: record.message }
  if (record.phase !== 'Applied') return { state: 'Queued', reason: 'Its objects are being created.' }
  const refused = live.deployments.map(refusalOf).find((reason) => reason !== undefined)
  const pods = live.pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(podStatus)
  const worst = pods.toSorted((a, b) => gravity.indexOf(a.state) - gravity.indexOf(b.state))[0]
  if (worst && worst.state === 'Failed') return worst
  if (refused !== undefined) return { state: 'Failed', reason: refused }
  const wanted = live.deployments.reduce((sum, deployment) => sum + replicasOf(deployment), 0)
  if (!worst || pods.length < wanted)
    return worst && worst.state !== 'Running' ? worst : { state: 'Queued', reason: 'Waiting for its pods to be created.' }
  return worst
}

/** The gravest comes first: a service is as well as its worst pod. */
const gravity: ServiceState[] = ['Failed', 'Queued', 'Pulling', 'Starting', 'Running']

const Waiting = z.looseObject({ reason: z.string().default(''), message: z.string().default('') })
const Terminated = z.looseObject({ exitCode: z.number(), reason: z.string().default(''), message: z.string().default('') })
const ContainerStatus = z.looseObject({
  name: z.string(),
  image: z.string().default(''),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: z.looseObject({ waiting: Waiting.optional(), terminated: Terminated.optional() }).default({}),
  lastState: z.looseObject({ terminated: Terminated.optional() }).default({}),
})
type ContainerStatus = z.infer<typeof ContainerStatus>
const Condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
})
const Pod = z.looseObject({
  spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string(), image: z.string().default('') })) }),
  status: z
    .looseObject({
      phase: z.string().default('Pending'),
      reason: z.string().default(''),
      message: z.string().default(''),
      conditions: z.array(Condition).default([]),
      initContainerStatuses: z.array(ContainerStatus).default([]),
      containerStatuses: z.array(ContainerStatus).default([]),
    })
    .default({ phase: 'Pending', reason: '', message: '', conditions: [], initContainerStatuses: [], containerStatuses: [] }),
})

function podStatus(object: KubeObject): Status {
  const read = Pod.safeParse(object)
  if (!read.success) return { state: 'Queued', reason: 'Waiting for its pod to be created.' }
  const { status, spec } = read.data
  const imageOf = (name: string) => spec.containers.find((container) => container.name === name)?.image
  const containers = [...status.initContainerStatuses, ...status.containerStatuses].map((found) => ({
    ...found,
    image: imageOf(found.name) ?? found.image,
  }))
  const trouble = containers.map(troubleOf).find((reason) => reason !== undefined)
  if (trouble !== undefined) return { state: 'Failed', reason: trouble }
  if (status.phase === 'Failed')
    return { state: 'Failed', reason: `The pod ended: ${status.message || status.reason || 'its program failed'}.` }
  if (status.phase === 'Succeeded') return { state: 'Running', reason: 'It ran to its end.' }
  const scheduled = status.conditions.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status === 'False') return { state: 'Queued', reason: `No node can take it now: ${scheduled.message}` }
  if (status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'))
    return { state: 'Running', reason: '' }
  return beforeReady(containers, spec.containers[0]?.image ?? '')
}

function beforeReady(containers: ContainerStatus[], image: string): Status {
  const waits = containers.some(
    ({ state }) => state.waiting?.reason === 'ContainerCreating' || state.waiting?.reason === 'PodInitializing',
  )
  if (containers.length === 0) return { state: 'Queued', reason: 'Waiting for a node to begin with it.' }
  if (waits) return { state: 'Pulling', reason: `Pulling the image ${image}` }
  return { state: 'Starting', reason: 'Its program runs and is not ready yet.' }
}

/** What is wrong with a container, in a sentence that says what to do; undefined where nothing is. */
function troubleOf({ name, image, state, lastState, restartCount }: ContainerStatus): string | undefined {
  const { reason = '', message = '' } = state.waiting ?? {}
  switch (reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return `The image "${image}" cannot be pulled. Check its name and tag. ${message}`.trim()
    case 'InvalidImageName':
      return `"${image}" is not the name of an image.`
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
    case 'RunContainerError':
      return `The container "${name}" cannot be created: ${message}`
    case 'CrashLoopBackOff':
      return `The container "${name}" crashes again and again${ended(lastState.terminated)}. Its log tells why.`
  }
  const end = state.terminated ?? lastState.terminated
  if (end?.reason === 'OOMKilled') return `The container "${name}" ran out of memory. Launch it with more.`
  if (state.terminated && state.terminated.exitCode !== 0 && restartCount > 0)
    return `The container "${name}" failed${ended(state.terminated)}.`
  return undefined
}

function ended(end: z.infer<typeof Terminated> | undefined): string {
  return end ? ` (it ended with code ${end.exitCode})` : ''
}

const Deployment = z.looseObject({
  spec: z.looseObject({ replicas: z.number().default(1) }),
  status: z.looseObject({ conditions: z.array(Condition).default([]) }).default({ conditions: [] }),
})

/** Why the pods of a deployment are refused, such as by a quota. */
function refusalOf(object: KubeObject): string | undefined {
  const read = Deployment.safeParse(object)
  const failure = read.success
    ? read.data.status.conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
    : undefined
  return failure && `Its pods are refused: ${failure.message}`
}

function replicasOf(object: KubeObject): number {
  const read = Deployment.safeParse(object)
  return read.success ? read.data.spec.replicas : 1
}
