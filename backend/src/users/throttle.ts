import { tooMany } from '@karvdash/common'

/** Slows down who guesses. */
export interface Throttle {
  /** Takes one try. @throws Problem 429 where none is left. */
  take(key: string): void
  /** Gives the tries back, as after a success. */
  clear(key: string): void
}

export interface ThrottleOptions {
  /** Tries in a row. */
  burst: number
  /** One try comes back each so many ms. */
  refillMs: number
  clock?: () => number
}

const mostKeys = 20_000

/** A token bucket a key; memory is bounded, the least recently used keys are forgotten first. */
export function createThrottle({ burst, refillMs, clock = Date.now }: ThrottleOptions): Throttle {
  // The theoretical arrival time of the generic cell rate algorithm: one number a key is the whole bucket.
  const arrivals = new Map<string, number>()
  return {
    take(key) {
      const now = clock()
      const arrival = Math.max(arrivals.get(key) ?? 0, now)
      const waitMs = arrival - now - (burst - 1) * refillMs
      if (waitMs > 0) throw tooMany('Too many tries. Wait a moment.', Math.ceil(waitMs / 1000))
      arrivals.delete(key)
      arrivals.set(key, arrival + refillMs)
      if (arrivals.size > mostKeys) arrivals.delete(arrivals.keys().next().value ?? '')
    },
    clear: (key) => void arrivals.delete(key),
  }
}
