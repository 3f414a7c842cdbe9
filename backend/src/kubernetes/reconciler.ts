import { createTurns } from './turns.ts'

/** What keeps calling a function until things are as they should be. */
export interface Reconciler {
  /** Asks for a run for this key soon; many asks become one run. */
  request(key: string): void
  /** Runs for this key now (after a run that is under way) and gives its outcome; `instead` takes the place of this one run. */
  run(key: string, instead?: () => Promise<void>): Promise<void>
  stop(): void
}

export interface ReconcilerOptions {
  reconcile: (key: string) => Promise<void>
  onError: (key: string, error: unknown) => void
  /** Longest wait between two tries of a key that fails. */
  maxBackoffMs?: number
  /** How many keys that were asked for are worked on beside each other; whoever awaits a run is not counted. */
  atATime?: number
}

/** One run a key at a time, coalesced, tried again with growing pauses; a key that is done is forgotten. */
export function createReconciler({ reconcile, onError, maxBackoffMs = 60_000, atATime = 16 }: ReconcilerOptions): Reconciler {
  const running = new Map<string, Promise<void>>()
  const asked = new Set<string>()
  const turns = createTurns(atATime, work)
  const failures = new Map<string, number>()
  const timers = new Map<string, NodeJS.Timeout>()
  let stopped = false

  async function run(key: string, work = () => reconcile(key)): Promise<void> {
    const before = running.get(key)
    const mine = (before ?? Promise.resolve()).catch(() => undefined).then(work)
    running.set(key, mine)
    const outcome = await mine.then(
      () => 'done' as const,
      (cause: unknown) => ({ cause }),
    )
    if (running.get(key) === mine) running.delete(key)
    if (outcome === 'done') failures.delete(key)
    // What changed during the run may not have been seen by it.
    if (!running.has(key) && asked.delete(key)) outcome === 'done' ? request(key) : later(key)
    if (outcome !== 'done') throw outcome.cause
  }
  async function work(key: string): Promise<void> {
    try {
      await run(key)
    } catch (error) {
      onError(key, error)
      later(key)
    }
  }
  function later(key: string): void {
    if (stopped || timers.has(key)) return
    const count = (failures.get(key) ?? 0) + 1
    failures.set(key, count)
    const waitMs = Math.min(maxBackoffMs, 200 * 2 ** count) * (0.5 + Math.random() / 2)
    timers.set(key, setTimeout(() => request(key), waitMs).unref())
  }
  function request(key: string): void {
    if (stopped) return
    clearTimeout(timers.get(key))
    timers.delete(key)
    if (running.has(key)) asked.add(key)
    else turns.wait(key)
  }
  function stop(): void {
    stopped = true
    turns.clear()
    for (const timer of timers.values()) clearTimeout(timer)
  }
  return { request, run, stop }
}
