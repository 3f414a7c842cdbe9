import { tooMany } from '@karvdash/common'

/** How many of something each user has open at this replica. */
export interface Counts {
  /** Counts one more; gives the function that takes it back. @throws Problem 429 where there are as many as there may be. */
  enter(user: string): () => void
  /** @throws Problem 429 where one more would be too many. */
  insist(user: string): void
}

const comeBackSeconds = 5

/** Counts up to `most`; `detail` tells what to do where that is reached. */
export function createCounts({ most, detail }: { most: number; detail: string }): Counts {
  const open = new Map<string, number>()
  const count = (user: string, by: number) => {
    const now = (open.get(user) ?? 0) + by
    if (now > 0) open.set(user, now)
    else open.delete(user)
  }
  function insist(user: string): void {
    if ((open.get(user) ?? 0) >= most) throw tooMany(detail, comeBackSeconds)
  }
  return {
    insist,
    enter(user) {
      insist(user)
      count(user, 1)
      let isIn = true
      return () => {
        if (isIn) count(user, -1)
        isIn = false
      }
    },
  }
}
