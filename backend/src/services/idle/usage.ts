import { parseQuantity } from '@karvdash/common'
import type { Logger } from 'pino'
import * as z from 'zod'
import type { Kubernetes } from '../../kubernetes/client.ts'

/** Processors that the pods of a namespace use, by pod, in billionths of one. */
export type PodUsage = Map<string, number>

const Metrics = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string() }),
      containers: z.array(z.looseObject({ usage: z.looseObject({ cpu: z.string() }) })),
    }),
  ),
})

/** Asks metrics.k8s.io of a namespace's pods, as its user: undefined where the cluster has no such API, none of them where it does not answer. */
export function createMeasured(
  log: Pick<Logger, 'warn'>,
): (user: Kubernetes, namespace: string) => Promise<PodUsage | undefined> {
  let isAway = false
  return async (user, namespace) => {
    try {
      const usage = await measuredUsage(user, namespace)
      isAway = false
      return usage
    } catch (error) {
      if (!isAway)
        log.warn({ err: error }, 'metrics.k8s.io does not answer: what services use is told by their own containers alone')
      isAway = true
      return new Map()
    }
  }
}

async function measuredUsage(user: Kubernetes, namespace: string): Promise<PodUsage | undefined> {
  const found = await user.read(`/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`)
  if (found === undefined) return undefined
  return new Map(
    Metrics.parse(found).items.map(({ metadata, containers }) => [
      metadata.name,
      containers.reduce((sum, { usage }) => sum + Number(parseQuantity(usage.cpu) ?? 0n), 0),
    ]),
  )
}

/** What a container used since it began, in microseconds of a processor, at a time in milliseconds. */
export interface Sample {
  usedUs: number
  at: number
}

/** The files that say it of a container's own cgroup, of version 2 and of version 1: a node has one of them. */
export const usageFiles = ['/sys/fs/cgroup/cpu.stat', '/sys/fs/cgroup/cpuacct/cpuacct.usage']

/**
 * What they say, as the kernel prints it; undefined where neither is in the text. Version 2 has lines of names and microseconds
 * (Documentation/admin-guide/cgroup-v2.rst), version 1 a number of nanoseconds (cgroup-v1/cpuacct.rst).
 */
export function sampleOf(text: string, at: number): Sample | undefined {
  const [, us] = /^usage_usec (\d{1,15})$/m.exec(text) ?? []
  const [, ns] = /^(\d{1,18})$/m.exec(text) ?? []
  if (us !== undefined) return { usedUs: Number(us), at }
  return ns === undefined ? undefined : { usedUs: Number(ns) / 1000, at }
}

/** What was used between two samples of the same containers, in billionths of a processor; undefined where there were none before. */
export function rateBetween(before: Map<string, Sample>, now: Map<string, Sample>): number | undefined {
  let rate = 0
  for (const [id, { usedUs, at }] of now) {
    const earlier = before.get(id)
    if (!earlier || at <= earlier.at) return undefined
    rate += ((usedUs - earlier.usedUs) / (at - earlier.at)) * 1_000_000
  }
  return now.size === 0 ? undefined : rate
}
