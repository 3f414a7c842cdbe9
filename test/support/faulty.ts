import type { KubeObject } from '@karvdash/backend/kubernetes/objects'

const image = 'docker.io/library/debian:bookworm-slim'

/** What is odd about a workload: of its one container, of its pod, and of itself. */
export interface Oddity {
  main?: object
  pod?: object
  spec?: object
}

const little = { requests: { cpu: '5m', memory: '8Mi' }, limits: { memory: '64Mi' } }

function podSpec({ main = {}, pod = {} }: Oddity): object {
  const container = { name: 'main', image, command: ['sleep', '3600'], resources: little, ...main }
  return { terminationGracePeriodSeconds: 0, ...pod, containers: [container] }
}

/** A workload of an odd pod. */
export function workload(kind: 'Deployment' | 'StatefulSet' | 'DaemonSet', name: string, oddity: Oddity): KubeObject {
  const template = { metadata: { labels: { app: name } }, spec: podSpec(oddity) }
  const service = kind === 'StatefulSet' ? { serviceName: name } : {}
  const spec = { selector: { matchLabels: { app: name } }, ...service, template, ...oddity.spec }
  return { apiVersion: 'apps/v1', kind, metadata: { name }, spec }
}

/** A job of an odd pod, which is tried once. */
export function job(name: string, { pod = {}, spec = {}, ...oddity }: Oddity): KubeObject {
  const template = { spec: podSpec({ ...oddity, pod: { restartPolicy: 'Never', ...pod } }) }
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { backoffLimit: 0, template, ...spec } }
}

/** A container that runs a script. */
export function script(text: string, more: object = {}): object {
  return { command: ['sh', '-c', text], ...more }
}

/** A container with so much memory. */
export function memory(amount: string): { resources: object } {
  return { resources: { requests: { cpu: '5m', memory: amount }, limits: { memory: amount } } }
}

/** A pod that mounts a volume. */
export function mounting(volume: object): Oddity {
  return { main: { volumeMounts: [{ name: 'v', mountPath: '/v' }] }, pod: { volumes: [{ name: 'v', ...volume }] } }
}
