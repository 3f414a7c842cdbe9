import { formatQuantity, parseQuantity, type Resource } from '@karvdash/common'
import * as z from 'zod'
import type { Kubernetes } from '../kubernetes/client.ts'
import { resources } from '../kubernetes/resources.ts'
import { quotaNames } from './bounds.ts'
import { gaugesOf } from './gauges.ts'

const Lines = z.record(z.string(), z.string()).catch({}).default({})
const Counted = z.looseObject({
  spec: z.looseObject({ hard: Lines }),
  status: z.looseObject({ hard: Lines, used: Lines }).catch({ hard: {}, used: {} }).default({ hard: {}, used: {} }),
})

/** A line of a quota, in billionths. */
export interface QuotaLine {
  limit: bigint
  /** As the cluster counts it. */
  used: bigint
}

/** What the platform's own quotas allow in a user's namespace, and what is used of it; a line that is not counted yet is left out. */
export async function readQuota(kubernetes: Kubernetes, namespace: string): Promise<ReadonlyMap<string, QuotaLine>> {
  const quotas = await Promise.all(quotaNames.map((name) => kubernetes.get(resources.quotas, { namespace, name })))
  const lines = quotas.flatMap((quota) => {
    const { data } = Counted.safeParse(quota)
    return Object.entries(data?.spec.hard ?? {}).flatMap(([line, hard]): [string, QuotaLine][] => {
      const [limit, used] = [parseQuantity(hard), parseQuantity(data?.status.used[line] ?? '')]
      return limit === undefined || used === undefined ? [] : [[line, { limit, used }]]
    })
  })
  return new Map(lines)
}

/** What is left of a line. */
export function freeOf({ limit, used }: QuotaLine): bigint {
  return used < limit ? limit - used : 0n
}

/** The gauges of a user: what is used, and what is free. */
export async function resourcesOf(kubernetes: Kubernetes, namespace: string): Promise<Resource[]> {
  const quota = await readQuota(kubernetes, namespace)
  return gaugesOf(Object.fromEntries(quota)).flatMap(({ resource, label, line, unit }) => {
    const counted = quota.get(line)
    if (!counted) return []
    const written = (amount: bigint) => formatQuantity(amount, unit)
    return [{ resource, label, used: written(counted.used), limit: written(counted.limit), free: written(freeOf(counted)) }]
  })
}
