import * as z from 'zod'
import type { KubeObject } from '../../kubernetes/objects.ts'
import { Conditions, count, Metadata } from './essence.ts'

const number = z.number().optional().catch(undefined)
const Workload = z.object({
  metadata: Metadata,
  spec: z
    .object({ replicas: number, parallelism: number, completions: number, suspend: z.boolean().catch(false).default(false) })
    .catch({ suspend: false })
    .default({ suspend: false }),
  status: z
    .object({ conditions: Conditions, desiredNumberScheduled: count, succeeded: count })
    .catch({ conditions: [], desiredNumberScheduled: 0, succeeded: 0 })
    .default({ conditions: [], desiredNumberScheduled: 0, succeeded: 0 }),
})

/** What is kept of what makes pods. */
export interface LiveWorkload {
  metadata: Metadata
  kind: string
  /** How many pods it is to have now. */
  wanted: number
  conditions: Conditions
}

/** What is kept of a Deployment, StatefulSet, DaemonSet, ReplicaSet or Job; undefined for what is none, or is of no use to its service any more. */
export function readWorkload(object: KubeObject): LiveWorkload | undefined {
  const read = Workload.safeParse(object)
  if (!read.success) return undefined
  const { kind } = object
  const { metadata, spec, status } = read.data
  // Of a Deployment's own, only the one that makes its pods now tells something; and the Deployment is what counts them.
  const isKept = kind === 'ReplicaSet' && metadata.owner !== undefined
  if (isKept && spec.replicas === 0) return undefined
  return { metadata, kind, wanted: isKept ? 0 : wantedOf(kind, read.data), conditions: status.conditions }
}

function wantedOf(kind: string, { spec, status }: z.infer<typeof Workload>): number {
  if (kind === 'DaemonSet') return status.desiredNumberScheduled
  if (kind !== 'Job') return spec.replicas ?? 1
  const isOver = status.conditions.some(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  )
  if (isOver || spec.suspend) return 0
  const parallel = spec.parallelism ?? 1
  return spec.completions === undefined ? parallel : Math.min(parallel, Math.max(0, spec.completions - status.succeeded))
}
