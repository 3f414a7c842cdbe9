import { formatQuantity, parseQuantity } from '@karvdash/common'
import * as z from 'zod'
import type { KubeObject } from '../kubernetes/objects.ts'
import type { Bounds } from '../users/bounds.ts'
import { gaugesOf } from '../users/gauges.ts'
import { makesPods } from './objects.ts'

/** How much of each line of a quota, in billionths: `requests.memory`, `pods`, `services` and the like. */
export type Asks = ReadonlyMap<string, bigint>

const Amounts = z.record(z.string(), z.union([z.string(), z.number()])).catch({})
const Container = z.looseObject({
  resources: z.looseObject({ requests: Amounts.optional(), limits: Amounts.optional() }).catch({}).optional(),
})
const Containers = z.array(Container).catch([]).default([])
const PodSpec = z.looseObject({ containers: Containers, initContainers: Containers })
const count = z.number().int().min(0).max(1_000_000)
const Claim = z.looseObject({
  spec: z.looseObject({ resources: z.looseObject({ requests: Amounts.optional() }).catch({}).optional() }),
})
const Workload = z.looseObject({
  spec: z.looseObject({
    replicas: count.catch(1).default(1),
    parallelism: count.catch(1).default(1),
    completions: count.optional().catch(undefined),
    suspend: z.boolean().catch(false).default(false),
    template: z.looseObject({ spec: PodSpec }),
    volumeClaimTemplates: z.array(Claim).catch([]).default([]),
  }),
})
const counted: Record<string, string> = {
  Service: 'services',
  Secret: 'secrets',
  ConfigMap: 'configmaps',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  ReplicationController: 'replicationcontrollers',
  Ingress: 'count/ingresses.networking.k8s.io',
  Deployment: 'count/deployments.apps',
  StatefulSet: 'count/statefulsets.apps',
  DaemonSet: 'count/daemonsets.apps',
  Job: 'count/jobs.batch',
  CronJob: 'count/cronjobs.batch',
}
const one = 10n ** 9n

/** What objects use of a quota once they run: at least so much, since controllers may make more than is written. */
export function asksOf(objects: readonly KubeObject[], limits: Bounds['limits']): Asks {
  const asks = new Map<string, bigint>()
  const add = (line: string, amount: bigint, times = 1) => asks.set(line, (asks.get(line) ?? 0n) + amount * BigInt(times))
  // The record, and what is secret of it beside it.
  add('count/servicerecords.karvdash.io', one)
  add('secrets', one)
  for (const object of objects) {
    const line = counted[object.kind]
    if (line) add(line, one)
    if (object.kind === 'PersistentVolumeClaim') add('requests.storage', storageOf(object))
    const { pods, spec, claims } = workloadOf(object)
    add('pods', one, pods)
    for (const [resource, amount] of spec ? podAmounts(spec, limits) : []) add(resource, amount, pods)
    for (const claim of claims) {
      add('persistentvolumeclaims', one, pods)
      add('requests.storage', storageOf(claim), pods)
    }
  }
  return asks
}

const aliases: Record<string, string> = {
  cpu: 'requests.cpu',
  memory: 'requests.memory',
  'ephemeral-storage': 'requests.ephemeral-storage',
}

/** How much is asked of a line, under whichever of its names: `memory` is `requests.memory`, `count/pods` is `pods`. */
export function askedOf(asks: Asks, line: string): bigint {
  return asks.get(aliases[line] ?? line) ?? asks.get(line.replace(/^count\/([a-z]+)$/, '$1')) ?? 0n
}

/** What is asked, by the names of the gauges. */
export function shownAsks(asks: Asks, quota: Record<string, unknown>): Record<string, string> {
  const shown = gaugesOf(quota).map(({ resource, line, unit }) => [resource, formatQuantity(askedOf(asks, line), unit)])
  return Object.fromEntries(shown)
}

interface MadePods {
  pods: number
  spec?: z.infer<typeof PodSpec>
  claims: unknown[]
}

function workloadOf(object: KubeObject): MadePods {
  const none = { pods: 0, claims: [] }
  if (object.kind === 'Pod') {
    const spec = PodSpec.safeParse(object['spec']).data
    return spec ? { pods: 1, spec, claims: [] } : none
  }
  const workload = makesPods(object) ? Workload.safeParse(object).data?.spec : undefined
  if (!workload || workload.suspend) return none
  const { replicas, parallelism, completions = parallelism, template, volumeClaimTemplates } = workload
  const pods = object.kind === 'Job' ? Math.min(parallelism, completions) : object.kind === 'DaemonSet' ? 1 : replicas
  return { pods, spec: template.spec, claims: volumeClaimTemplates }
}

/** By the lines of a quota: containers run together, those that initialize one after the other before them. */
function podAmounts({ containers, initContainers }: z.infer<typeof PodSpec>, limits: Bounds['limits']): Map<string, bigint> {
  const sum = new Map<string, bigint>()
  for (const container of containers)
    for (const [line, amount] of containerAmounts(container, limits)) sum.set(line, (sum.get(line) ?? 0n) + amount)
  for (const container of initContainers)
    for (const [line, amount] of containerAmounts(container, limits)) if (amount > (sum.get(line) ?? 0n)) sum.set(line, amount)
  return sum
}

/** Kubernetes takes a limit for the request that is missing, and the LimitRange's for what is missing then. */
function containerAmounts({ resources = {} }: z.infer<typeof Container>, limits: Bounds['limits']): [string, bigint][] {
  const stated = { ...resources.limits }
  const requests = { ...limits.defaultRequest, ...stated, ...resources.requests }
  const allowed = { ...limits.default, ...stated }
  const lines = (side: string, amounts: Record<string, string | number>) =>
    Object.entries(amounts).map(([name, text]): [string, bigint] => [`${side}.${name}`, parseQuantity(String(text)) ?? 0n])
  return [...lines('requests', requests), ...lines('limits', allowed)]
}

function storageOf(claim: unknown): bigint {
  const { data } = Claim.safeParse(claim)
  return parseQuantity(String(data?.spec.resources?.requests?.['storage'] ?? '0')) ?? 0n
}
