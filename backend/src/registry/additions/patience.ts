import { Problem } from '@karvdash/common'

/** How to wait for a registry that is away. */
export interface Patience {
  wait: (ms: number, signal: AbortSignal) => Promise<unknown>
  signal: AbortSignal
  /** How much was done by now: where that goes on, the patience is new. */
  done: () => number
  onWait: (why: Problem) => void
}

const firstMs = 1_000
const longestMs = 15_000
const mostMs = 300_000

/** Does it again while the registry is away, for five minutes at most in which nothing goes on. */
export async function patiently(act: () => Promise<void>, { wait, signal, done, onWait }: Patience): Promise<void> {
  let before = done()
  let waited = 0
  for (let pause = firstMs; ; pause = Math.min(pause * 2, longestMs)) {
    try {
      return await act()
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Problem) || error.status !== 503) throw error
      if (done() > before) [before, waited, pause] = [done(), 0, firstMs]
      if (waited >= mostMs) throw error
      onWait(error)
      await wait(pause, signal)
      waited += pause
    }
  }
}
