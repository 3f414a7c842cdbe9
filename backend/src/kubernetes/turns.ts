/** Keys that wait for their turn, each but once. */
export interface Turns {
  wait(key: string): void
  /** Whoever waits goes away. */
  clear(): void
}

/** Works on so many keys beside each other, and on no more: thousands that come at once must not all be in memory, nor all at the API server. */
export function createTurns(atATime: number, work: (key: string) => Promise<void>): Turns {
  const waiting = new Set<string>()
  let busy = 0
  function next(): void {
    for (const key of waiting) {
      if (busy >= atATime) return
      waiting.delete(key)
      busy += 1
      void work(key).finally(() => {
        busy -= 1
        next()
      })
    }
  }
  return {
    wait(key) {
      waiting.add(key)
      next()
    },
    clear: () => waiting.clear(),
  }
}
