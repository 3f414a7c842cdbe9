/** Something as it looks now, under its key; undefined once it is gone. */
export type Difference<T> = [key: string, now: T | undefined]

interface Watching<T> {
  /** All of them as they are now, by key. */
  all: () => Iterable<[key: string, T]>
  /** Has a function called whenever something may have changed; gives the one that ends it. */
  onChange: (stir: () => void) => () => void
  signal: AbortSignal
}

/** All of them, then each that looks different than before; waits for changes, never polls. */
export async function* differences<T>({ all, onChange, signal }: Watching<T>): AsyncGenerator<Difference<T>> {
  const told = new Map<string, string>()
  let wake: () => void = () => undefined
  let isDirty = true
  const stir = () => {
    isDirty = true
    wake()
  }
  const end = onChange(stir)
  signal.addEventListener('abort', stir, { once: true })
  try {
    while (!signal.aborted) {
      isDirty = false
      yield* compared(new Map(all()), told)
      if (!isDirty && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    end()
  }
}

function* compared<T>(now: Map<string, T>, told: Map<string, string>): Generator<Difference<T>> {
  for (const key of told.keys()) {
    if (now.has(key)) continue
    told.delete(key)
    yield [key, undefined]
  }
  for (const [key, one] of now) {
    const text = JSON.stringify(one)
    if (told.get(key) === text) continue
    told.set(key, text)
    yield [key, one]
  }
}
