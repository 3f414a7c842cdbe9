/** What may be told seldom only. */
export interface Paced<T> {
  /** Tells it now, or the latest of what came meanwhile as soon as it is time. */
  tell(value: T): void
  /** Nothing that waits is told any more. */
  stop(): void
}

type After = (ms: number, then: () => void) => void

/** Tells at once, and then at most so often. */
export function paced<T>(act: (value: T) => void, everyMs: number, after: After = (ms, then) => setTimeout(then, ms)): Paced<T> {
  let waiting: { value: T } | undefined
  let [isResting, isStopped] = [false, false]
  function tell(value: T): void {
    if (isResting) {
      waiting = { value }
      return
    }
    act(value)
    isResting = true
    after(everyMs, () => {
      isResting = false
      const next = waiting
      waiting = undefined
      if (next && !isStopped) tell(next.value)
    })
  }
  return {
    tell,
    stop() {
      isStopped = true
    },
  }
}
