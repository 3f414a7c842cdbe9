/** Remembers what a pure function made of an object, for as long as the object lives: cached objects are read often and never change. */
export function rememberedPer<In extends object, Out>(read: (input: In) => Out): (input: In) => Out {
  const known = new WeakMap<In, Out>()
  return (input) => {
    const before = known.get(input)
    if (before !== undefined) return before
    const result = read(input)
    known.set(input, result)
    return result
  }
}

/** Values that are remembered for a while, and no more than so many of them. */
export interface Memory<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
}

export interface MemoryOptions {
  lifetimeMs: number
  /** The oldest goes first. */
  most: number
  clock?: (() => number) | undefined
}

/** Makes a bounded memory. */
export function createMemory<Value>({ lifetimeMs, most, clock = Date.now }: MemoryOptions): Memory<Value> {
  const held = new Map<string, { value: Value; until: number }>()
  return {
    get(key) {
      const entry = held.get(key)
      return entry && entry.until > clock() ? entry.value : undefined
    },
    set(key, value) {
      held.delete(key)
      held.set(key, { value, until: clock() + lifetimeMs })
      const [oldest] = held.keys()
      if (held.size > most && oldest !== undefined) held.delete(oldest)
    },
    delete: (key) => void held.delete(key),
  }
}
