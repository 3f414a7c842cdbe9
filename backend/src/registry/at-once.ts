/** Makes something of each item, of so many at once and no more; in the items' order. @throws the first error, after which no more is begun. */
export async function atOnce<In, Out>(items: readonly In[], most: number, work: (item: In) => Promise<Out>): Promise<Out[]> {
  const made = new Array<Out>(items.length)
  const left = items.entries()
  let failed = false
  const lane = async () => {
    for (const [at, item] of left) {
      if (failed) return
      made[at] = await work(item)
    }
  }
  const lanes = Array.from({ length: Math.min(most, items.length) }, () =>
    lane().catch((error: unknown) => {
      failed = true
      throw error
    }),
  )
  await Promise.all(lanes)
  return made
}

/** Lets so much of something be under way at a time, and no more: the rest waits for its turn. */
export function gate(most: number): <Out>(work: () => Promise<Out>) => Promise<Out> {
  const waiting: (() => void)[] = []
  let under = 0
  return async (work) => {
    if (under === most) await new Promise<void>((resolve) => waiting.push(resolve))
    else under++
    try {
      return await work()
    } finally {
      // Whoever waits takes the place.
      const next = waiting.shift()
      next ? next() : under--
    }
  }
}
