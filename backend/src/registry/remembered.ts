import { createMemory } from '../memory.ts'

export interface RememberedOptions<Value> {
  read: (key: string) => Promise<Value>
  /** For so long nothing is asked again. */
  freshMs: number
  /** For so long what is known is told while it is asked again. */
  staleMs: number
  most: number
  clock?: () => number
}

/** What is asked again and again and changes seldom. */
export interface Remembered<Value> {
  /** What is known, or becomes known: whoever asks meanwhile gets the same answer. */
  get(key: string): Promise<Value>
  /** It has changed: the next who asks waits for what it is now. */
  forget(key: string): void
}

/** Remembers what is read. What was told stale before is told no longer than that, however long reading takes; failures are not remembered. */
export function remembered<Value>({
  read,
  freshMs,
  staleMs,
  most,
  clock = Date.now,
}: RememberedOptions<Value>): Remembered<Value> {
  const known = createMemory<{ value: Value; readAt: number }>({ lifetimeMs: staleMs, most, clock })
  const reading = new Map<string, Promise<Value>>()
  const refresh = (key: string): Promise<Value> => {
    const before = reading.get(key)
    if (before !== undefined) return before
    const begun = read(key)
    reading.set(key, begun)
    const isCurrent = () => reading.get(key) === begun
    begun
      .then((value) => isCurrent() && known.set(key, { value, readAt: clock() }))
      .catch(() => undefined)
      .finally(() => isCurrent() && reading.delete(key))
    return begun
  }
  return {
    async get(key) {
      const found = known.get(key)
      if (found && clock() - found.readAt < freshMs) return found.value
      const fresh = refresh(key)
      if (!found) return fresh
      // Whoever asks next is told what becomes of it.
      fresh.catch(() => undefined)
      return found.value
    },
    forget(key) {
      known.delete(key)
      reading.delete(key)
    },
  }
}
