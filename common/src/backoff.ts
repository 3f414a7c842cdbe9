/** How long to wait before the next try: twice as long each time, at most half a minute, never the same for all. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  return jittered(Math.min(1000 * 2 ** Math.min(failures, 5), 30_000), random)
}

/** Half of it to all of it: many who were cut off at once do not come back at once. */
export function jittered(ms: number, random: () => number = Math.random): number {
  return ms * (0.5 + random() / 2)
}

/** Waits, unless the signal ends it before. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done)
  })
}
