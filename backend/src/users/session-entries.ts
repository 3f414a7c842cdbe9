import { notFound } from '@karvdash/common'
import { type Account, mostSessions, type SessionEntry } from './account.ts'
import type { Accounts } from './accounts.ts'

/** The sessions that an account lists: what is not listed has ended. */
export interface SessionEntries {
  add(user: string, entry: Omit<SessionEntry, 'createdAt' | 'seenAt'>): Promise<void>
  /** Whether a session is listed and not left alone for too long; notes that it is in use. */
  isUsed(user: string, session: { id: string; begunAt: number }): Promise<boolean>
  list(user: string): Promise<SessionEntry[]>
  /** Ends one, or all. @throws Problem 404 where there is none of that id. */
  end(user: string, id?: string): Promise<void>
}

/** Left alone, a session ends after twelve hours. */
const idleMs = 12 * 3600_000
/** How late `seenAt` may be: each change of it is a write. */
const coarseMs = 300_000
const replicationMs = 10_000

/** Keeps sessions in the users' accounts. */
export function createSessionEntries({ accounts, clock }: { accounts: Accounts; clock: () => number }): SessionEntries {
  const touching = new Set<string>()
  const change = (user: string, sessions: (entries: SessionEntry[]) => SessionEntry[]) =>
    accounts.update(user, (account) => ({ ...account, sessions: sessions(account.sessions) }))
  const isAlive = ({ seenAt }: SessionEntry) => Date.parse(seenAt) + idleMs >= clock()

  /** Beside the request: a session holds also while its use cannot be written. */
  function touch(user: string, id: string): void {
    if (touching.has(id)) return
    touching.add(id)
    const seenAt = new Date(clock()).toISOString()
    change(user, (entries) => entries.map((entry) => (entry.id === id ? { ...entry, seenAt } : entry)))
      .catch(() => undefined)
      .finally(() => touching.delete(id))
  }
  return {
    add(user, entry) {
      const at = new Date(clock()).toISOString()
      const added = { ...entry, createdAt: at, seenAt: at }
      return change(user, (entries) => [...entries.filter(isAlive), added].slice(-mostSessions))
    },
    async isUsed(user, { id, begunAt }) {
      const find = (account: Account | undefined) => account?.sessions.find((entry) => entry.id === id)
      // A session that another replica began a moment ago may not have reached our cache yet.
      const isYoung = begunAt > clock() - replicationMs
      const entry = find(accounts.known(user)) ?? (isYoung ? find(await accounts.fresh(user)) : undefined)
      if (!entry || !isAlive(entry)) return false
      if (Date.parse(entry.seenAt) + coarseMs < clock()) touch(user, id)
      return true
    },
    list: async (user) => ((await accounts.fresh(user))?.sessions ?? []).filter(isAlive),
    end(user, id) {
      if (id === undefined)
        return accounts.update(user, (account) => ({ ...account, sessions: [], generation: account.generation + 1 }))
      return change(user, (entries) => {
        const rest = entries.filter((entry) => entry.id !== id)
        if (rest.length === entries.length) throw notFound('session', id)
        return rest
      })
    },
  }
}
