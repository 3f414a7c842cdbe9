/** What is put in order. */
interface Timed {
  at: string
}

/** Several sources as one, in order of time; sources may be added while it is read. */
export interface Merge<T extends Timed> {
  add(source: AsyncIterable<T[]>): void
  /** How many sources there are now. */
  size(): number
  /** No source is added any more: it ends with the last of them. */
  seal(): void
  /** Ends it at once. */
  end(): void
  batches(): AsyncGenerator<T[]>
}

/** The time, and how to wait for some of it to pass. */
export interface Timer {
  now(): number
  /** Gives the function that gives up waiting. */
  after(ms: number, done: () => void): () => void
}

const realTimer: Timer = {
  now: () => performance.now(),
  after(ms, done) {
    const timer = setTimeout(done, ms)
    return () => clearTimeout(timer)
  },
}

export interface MergeOptions {
  /** How long a source that is silent is waited for before what others have is told; a source that has something late is out of order. */
  windowMs: number
  /** The most that is given at once. */
  most: number
  timer?: Timer
}

/** Makes one; of each source no more is asked for than what is told next, so whoever reads slowly slows the sources down. */
export function createMerge<T extends Timed>({ windowMs, most, timer = realTimer }: MergeOptions): Merge<T> {
  const bell = createBell(timer)
  const { add, size, take, patience, failure } = createSources<T>({ windowMs, now: timer.now, ring: bell.ring })
  let isSealed = false
  let isOver = false
  return {
    add,
    size,
    seal() {
      isSealed = true
      bell.ring()
    },
    end() {
      isOver = true
      bell.ring()
    },
    async *batches() {
      while (!isOver) {
        const failed = failure()
        if (failed) throw failed.cause
        const batch = take(most)
        if (batch.length > 0) yield batch
        else if (isSealed && size() === 0) return
        else await bell.rung(patience())
      }
    },
  }
}

function createBell(timer: Timer) {
  let ring: () => void = () => undefined
  return {
    ring: () => ring(),
    /** Resolves when it rings, or after so long; 0 and infinity are no limits. */
    rung: (limitMs: number) =>
      new Promise<void>((resolve) => {
        const giveUp = limitMs > 0 && Number.isFinite(limitMs) ? timer.after(limitMs, resolve) : () => undefined
        ring = () => {
          giveUp()
          resolve()
        }
      }),
  }
}

interface Source<T> {
  iterator: AsyncIterator<T[]>
  items: T[]
  next: number
  askedAt: number
}

interface Sourcing {
  windowMs: number
  now: () => number
  /** Called when a source has something, or ends. */
  ring: () => void
}

function createSources<T extends Timed>({ windowMs, now, ring }: Sourcing) {
  const sources = new Set<Source<T>>()
  let failure: { cause: unknown } | undefined

  function ask(source: Source<T>): void {
    Object.assign(source, { items: [], next: 0, askedAt: now() })
    const hear = ({ done, value }: IteratorResult<T[], unknown>) => {
      if (done) sources.delete(source)
      else if (value.length === 0) return ask(source)
      else source.items = value
      ring()
    }
    source.iterator.next().then(hear, (cause: unknown) => {
      sources.delete(source)
      failure = { cause }
      ring()
    })
  }
  /** How long to wait until whoever is silent is so for long enough; 0 where nobody is waited for. */
  function patience(): number {
    const time = now()
    const waits = [...sources].filter(({ items }) => items.length === 0).map(({ askedAt }) => askedAt + windowMs - time)
    return Math.max(0, ...waits)
  }
  /** The earliest there are, as many as can be told before a source has to be asked for more: it may have what is earlier still. */
  function take(most: number): T[] {
    const batch: T[] = []
    if (patience() > 0) return batch
    for (let first = earliest(sources); first && batch.length < most; first = earliest(sources)) {
      batch.push(...first.items.slice(first.next, ++first.next))
      if (first.next < first.items.length) continue
      ask(first)
      break
    }
    return batch
  }
  function add(source: AsyncIterable<T[]>): void {
    const added: Source<T> = { iterator: source[Symbol.asyncIterator](), items: [], next: 0, askedAt: 0 }
    sources.add(added)
    ask(added)
    ring()
  }
  return { add, take, patience, size: () => sources.size, failure: () => failure }
}

function earliest<T extends Timed>(sources: Set<Source<T>>): Source<T> | undefined {
  let found: Source<T> | undefined
  let foundAt = ''
  for (const source of sources) {
    const at = source.items[source.next]?.at
    if (at === undefined || (found && at >= foundAt)) continue
    found = source
    foundAt = at
  }
  return found
}
