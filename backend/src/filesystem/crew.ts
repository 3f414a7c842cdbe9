/** Works on several things beside each other, and on no more. */
export interface Crew {
  /** Resolves as soon as there is a hand free for it. @throws what the first that failed threw. */
  add(work: () => Promise<void>): Promise<void>
  /** Resolves when all is done. @throws what the first that failed threw. */
  idle(): Promise<void>
  /** Resolves when nothing is worked on any more, however it ended. */
  ended(): Promise<void>
}

const hands = 8

/** Makes one. */
export function createCrew(): Crew {
  const busy = new Set<Promise<void>>()
  const failures: unknown[] = []
  const ended = async () => void (await Promise.all(busy))
  const check = () => {
    if (failures.length > 0) throw failures[0]
  }
  return {
    async add(work) {
      while (busy.size >= hands) await Promise.race(busy)
      check()
      const one = work()
        .catch((error: unknown) => void failures.push(error))
        .finally(() => busy.delete(one))
      busy.add(one)
    },
    async idle() {
      await ended()
      check()
    },
    ended,
  }
}
