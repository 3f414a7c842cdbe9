import { contract, type User } from '@karvdash/common'
import type { OwnContext } from '../context.ts'

const everyMs = 2000

export interface LeavingPorts {
  leaving: () => User[]
  /** Takes somebody off the list who is gone. */
  remove: (name: string) => void
}

/** Makes what looks, for as long as anybody is being deleted, who is gone by now. */
export function followLeaving({ api, signal }: OwnContext, { leaving, remove }: LeavingPorts): () => void {
  let isLooking = false
  async function look(): Promise<void> {
    while (leaving().length > 0 && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, everyMs))
      // Who is not active is listed first: whoever is being deleted stands here, or is gone.
      const { items, next } = await api.call(contract.listUsers, { query: { limit: 500 } }, { signal })
      const last = items.at(-1)
      const isPast = (name: string) => next === undefined || last === undefined || last.active || last.name > name
      const isGone = ({ name }: User) => isPast(name) && !items.some((user) => user.name === name)
      for (const { name } of leaving().filter(isGone)) remove(name)
    }
  }
  return () => {
    if (isLooking) return
    isLooking = true
    // Whoever may not look any more, or left the screen, does not have to know.
    void look()
      .catch(() => undefined)
      .finally(() => {
        isLooking = false
      })
  }
}
