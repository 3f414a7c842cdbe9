import { setTimeout as sleep } from 'node:timers/promises'
import { isUncounted, KubeError } from './errors.ts'

const mostTries = 8
/** The pauses before another try: another writer takes milliseconds, the controller that counts first a second or two. */
const pauses = { race: 20, uncounted: 100 }

/**
 * Asks again where the API server gave up counting: it tries a few times to note in a quota what something takes, and answers 409 where
 * the quota changes under its hands each time; or 403 where the quota is so new that nobody has counted for it yet, as with a user who was let in
 * a moment ago. Nothing was stored then, and no name was taken.
 */
export async function pastQuotaRaces<T>(ask: () => Promise<T>, pauseMs = pauses): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      const reason = reasonOf(error)
      if (!reason || tries === mostTries) throw error
      await sleep(pauseMs[reason] * tries * (1 + Math.random()))
    }
  }
}

function reasonOf(error: unknown): keyof typeof pauses | undefined {
  if (!(error instanceof KubeError)) return undefined
  if (error.status === 409 && error.kind === 'resourcequotas') return 'race'
  return isUncounted(error) ? 'uncounted' : undefined
}
