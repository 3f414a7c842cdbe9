import * as z from 'zod'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict, isUncounted } from '../kubernetes/errors.ts'
import { resources } from '../kubernetes/resources.ts'
import { quotaNames } from './bounds.ts'

const line = 'count/templates.karvdash.io'
const Counted = z.looseObject({ spec: z.looseObject({ hard: z.looseObject({ [line]: z.coerce.number().int() }) }) })

/**
 * Asks for something that a user's quota counts; where nobody counts it yet, has it counted and asks once more. Kubernetes counts when a quota changes, and else
 * every five minutes: of a kind that it did not know when the quota was made, such as ours on a new cluster, it counts nothing until then.
 */
export async function countedAnew<T>(kubernetes: Kubernetes, namespace: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!isUncounted(error)) throw error
    await recount(kubernetes, namespace)
    return ask()
  }
}

/** Changes the quota and changes it back; who is interrupted leaves one more than there should be, until the user is reconciled. */
async function recount(kubernetes: Kubernetes, namespace: string): Promise<void> {
  const place = { namespace, name: quotaNames[1] }
  const quota = await kubernetes.get(resources.quotas, place)
  const read = Counted.safeParse(quota)
  if (!quota || !read.success) return
  const most = Number(read.data.spec.hard[line])
  let { resourceVersion } = quota.metadata
  for (const hard of [most + 1, most]) {
    const change = { metadata: { resourceVersion }, spec: { hard: { [line]: String(hard) } } }
    const changed = await kubernetes.patch(resources.quotas, place, change).catch(unlessChanged)
    if (!changed) return
    resourceVersion = changed.metadata.resourceVersion
  }
}

/** Whoever changed it meanwhile has it counted as well. */
function unlessChanged(error: unknown): undefined {
  if (!isConflict(error)) throw error
}
