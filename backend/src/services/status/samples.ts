import type { KubeObject } from '../../kubernetes/objects.ts'
import type { ServiceRecord } from '../record.ts'
import { type LiveEvent, readEvent } from './event.ts'
import type { Live } from './live.ts'
import { type LivePod, readPod } from './pod.ts'
import { type LiveIngress, type LiveSlice, readIngress, readSlice } from './way.ts'
import { type LiveWorkload, readWorkload } from './workload.ts'

const namespace = 'karvdash-alice'
const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'd-1', uid: 'rs' }

/** A record of a service that was applied. */
export const applied: ServiceRecord = {
  ...{ name: 'lab', namespace, uid: 'u', template: 'lab', createdAt: time(0), path: undefined, sharedWith: [] },
  ...{ phase: 'Applied', message: '', isDeleting: false, isRemoved: false, isStopped: false, revision: 1, applied: 1 },
  ...{
    restartedAt: undefined,
    restarted: undefined,
    updatingSince: undefined,
    takenBack: undefined,
    launchId: undefined,
    kinds: [],
    usedAt: undefined,
    idle: undefined,
  },
}

/** A moment of the morning of samples. */
export function time(second: number): string {
  return new Date(Date.UTC(2026, 0, 1, 9, 0, second)).toISOString()
}

/** A pod as the cluster has one. */
export function podObject(status: object, { metadata = {}, spec = {} }: { metadata?: object; spec?: object } = {}): KubeObject {
  const labels = { 'karvdash.io/service': 'lab' }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace, uid: 'p', labels, ownerReferences: [owner], creationTimestamp: time(2), ...metadata },
    spec: { containers: [{ name: 'main', image: 'example.org/lab:1' }], ...spec },
    status,
  }
}

export const pod = (...parts: Parameters<typeof podObject>): LivePod => read(readPod, podObject(...parts))

/** A workload as the cluster has one. */
export function workload(kind: string, { spec = {}, status = {} }: { spec?: object; status?: object } = {}): LiveWorkload {
  const metadata = {
    name: 'd',
    namespace,
    uid: `d-${kind}`,
    labels: { 'karvdash.io/service': 'lab' },
    creationTimestamp: time(1),
  }
  return read(readWorkload, { apiVersion: 'apps/v1', kind, metadata, spec, status })
}

/** An event, about the pod `p` unless told. */
export function event(
  reason: string,
  message: string,
  more: { container?: string; about?: [kind: string, uid: string]; second?: number } = {},
): LiveEvent {
  const { container, about: [kind, uid] = ['Pod', 'p'], second = 5 } = more
  const involvedObject = { kind, name: uid, uid, ...(container && { fieldPath: `spec.containers{${container}}` }) }
  const metadata = { name: `e-${reason}-${second}`, namespace, resourceVersion: String(second) }
  const at = { lastTimestamp: time(second), count: 1 }
  return read(readEvent, { apiVersion: 'v1', kind: 'Event', metadata, involvedObject, type: 'Warning', reason, message, ...at })
}

/** The way to a service: an Ingress to a Service, and who answers behind it. */
export function way(answers: boolean): { ingresses: LiveIngress[]; slices: LiveSlice[] } {
  const labels = { 'karvdash.io/service': 'lab', 'kubernetes.io/service-name': 'lab' }
  const metadata = { name: 'lab', namespace, uid: 'w', labels, creationTimestamp: time(1) }
  const paths = [{ backend: { service: { name: 'lab' } } }]
  const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec: { rules: [{ http: { paths } }] } }
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    endpoints: [{ conditions: { ready: answers } }],
  }
  return { ingresses: [read(readIngress, ingress)], slices: [read(readSlice, slice)] }
}

/** What a service is made of: one Deployment with a pod each, unless told. */
export function live({ pods = [], ...rest }: Partial<Live>): Live {
  return {
    pods,
    workloads: [workload('Deployment', { spec: { replicas: pods.length } })],
    ingresses: [],
    slices: [],
    events: [],
    ...rest,
  }
}

function read<T>(reader: (object: KubeObject) => T | undefined, object: KubeObject): T {
  const made = reader(object)
  if (!made) throw new Error(`No ${object.kind}`)
  return made
}
