import { conflict, roughQuantity } from '@karvdash/common'
import type { Config } from '../config.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { wordsFor } from '../users/gauges.ts'
import { freeOf, type QuotaLine, readQuota } from '../users/quotas.ts'
import { askedOf, asksOf } from './asks.ts'
import type { Plan } from './plan.ts'

/** What a launch asks for that its user's quota does not leave. */
export interface Misfit {
  resource: string
  asked: string
  limit: string
  free: string
  /** All of that in words. */
  detail: string
}

/** Finds what of a plan does not fit into the quota as it is counted now; undefined where all does. */
export type FindMisfit = (plan: Pick<Plan, 'namespace' | 'objects'>) => Promise<Misfit | undefined>

/** Makes the function that finds it. */
export function createFindMisfit({ kubernetes, config }: { kubernetes: Kubernetes; config: Pick<Config, 'bounds'> }): FindMisfit {
  return async ({ namespace, objects }) => {
    const asks = asksOf(objects, config.bounds.limits)
    for (const [line, counted] of await readQuota(kubernetes, namespace)) {
      const asked = askedOf(asks, line)
      // Recording it finds out by itself.
      if (line === 'count/servicerecords.karvdash.io') continue
      // What asks for nothing of a line is let through where that is used up already.
      if (asked > 0n && asked > freeOf(counted)) return misfitOf(line, asked, counted)
    }
    return undefined
  }
}

/** Refuses a launch that cannot come to anything. @throws Problem 409 */
export function refuseMisfit(misfit: Misfit | undefined): void {
  if (!misfit) return
  const { detail, ...amounts } = misfit
  throw conflict(`${detail} Ask for less, or stop something.`, { code: 'quota', ...amounts })
}

function misfitOf(line: string, asked: bigint, counted: QuotaLine): Misfit {
  const { resource, noun, unit } = wordsFor(line)
  const [limit, free] = [roughQuantity(counted.limit, unit), roughQuantity(freeOf(counted), unit)]
  const wanted = roughQuantity(asked, unit)
  const rest = free === '0' ? 'of which nothing is free' : `of which ${free} ${free === '1' ? 'is' : 'are'} free`
  return {
    resource,
    asked: wanted,
    limit,
    free,
    detail: `This asks for ${wanted} ${wanted === '1' ? singular(noun) : noun}; your quota is ${limit}, ${rest}.`,
  }
}

function singular(noun: string): string {
  return noun.startsWith('of ') ? noun : noun.replace(/(?<=ss)es$|s$/, '')
}
