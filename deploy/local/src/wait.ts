import { setTimeout as sleep } from 'node:timers/promises'

/** How long to wait for something and how often to look. */
export interface Patience {
  /** What is waited for, as a phrase for the error. */
  what: string
  timeoutMs: number
  everyMs?: number
  /** Throws when waiting has become pointless. */
  stillPossible?: () => void | Promise<void>
}

/** Asks again until the answer is neither empty nor an error; throws with the last error when patience ends. */
export async function until<T>(
  ask: () => Promise<T>,
  { what, timeoutMs, everyMs = 50, stillPossible }: Patience,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs
  let cause: unknown
  while (Date.now() < deadline) {
    await stillPossible?.()
    try {
      const answer = await ask()
      if (answer) return answer
      cause = undefined
    } catch (error) {
      cause = error
    }
    await sleep(everyMs)
  }
  throw new Error(`waited ${timeoutMs / 1000} s for ${what} in vain`, { cause })
}
