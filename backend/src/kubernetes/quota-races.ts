import { setTimeout as sleep } from 'node:timers/promises'
import { KubeError } from './errors.ts'

const mostTries = 8
const pauseMs = 20

/**
 * Asks again where the API server gave up counting: it tries a few times to note in a quota what something takes, and answers 409 where
 * the quota changes under its hands each time. Nothing was stored then, and no name was taken.
 */
export async function pastQuotaRaces<T>(ask: () => Promise<T>, pause = pauseMs): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      const isRace = error instanceof KubeError && error.status === 409 && error.kind === 'resourcequotas'
      if (!isRace || tries === mostTries) throw error
      await sleep(pause * tries * (1 + Math.random()))
    }
  }
}
