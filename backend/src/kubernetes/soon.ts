import { setTimeout as sleep } from 'node:timers/promises'
import { KubeError } from './errors.ts'

/** Tries again for a moment where it is not allowed: a role binding made a moment ago is not known to every API server's authorizer yet. */
export async function soon<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 403 || tries === 20) throw error
      await sleep(100)
    }
  }
}
