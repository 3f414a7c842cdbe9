import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict } from '../kubernetes/errors.ts'
import { holding, noteSecret } from '../kubernetes/notes.ts'
import { resources } from '../kubernetes/resources.ts'
import { digestOf } from './digest.ts'

/** Notes that something is used which may be used once; false where it was used before, on whichever replica. */
export type UseOnce = (id: string) => Promise<boolean>

const mark = 'once'
/** A replay is refused by its expiry from then on: whatever may be used once lives for less. */
const lifetimeMs = 600_000

/** Using something is creating the Secret that its hash names: who comes second is told that it is there. */
export function createUseOnce({ kubernetes, namespace }: { kubernetes: Kubernetes; namespace: string }): UseOnce {
  return async (id) => {
    const name = `once.${digestOf(id).slice(0, 40)}`
    try {
      await kubernetes.create(resources.secrets, noteSecret(mark, { name, namespace }))
      return true
    } catch (error) {
      if (isConflict(error)) return false
      throw error
    }
  }
}

/** Forgets what was used and is past its lifetime. */
export async function sweepUsed(kubernetes: Kubernetes, namespace: string, clock: () => number = Date.now): Promise<void> {
  const { items } = await kubernetes.list(resources.secrets, { namespace }, holding(mark))
  for (const { metadata } of items) {
    const age = clock() - Date.parse(metadata.creationTimestamp ?? '')
    if (age > lifetimeMs) await kubernetes.remove(resources.secrets, { namespace, name: metadata.name })
  }
}
