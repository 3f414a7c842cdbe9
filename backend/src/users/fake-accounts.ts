import type { Account } from './account.ts'
import type { Accounts } from './accounts.ts'

/** Accounts in memory, for tests: what the cache knows, and what the API server knows already. */
export function fakeAccounts(
  ...given: Partial<Account>[]
): Accounts & { stored: Map<string, Account>; known: Accounts['known']; lag: boolean } {
  const stored = new Map(
    given.map((account) => [
      account.user ?? '',
      { user: '', password: '', sessions: [], tokens: [], editors: [], generation: 0, ...account },
    ]),
  )
  const cached = new Map(stored)
  const accounts = {
    stored,
    /** Whether the cache stays behind. */
    lag: false,
    known: (user: string) => cached.get(user),
    fresh: async (user: string) => stored.get(user),
    async create(account: Account) {
      stored.set(account.user, account)
      if (!accounts.lag) cached.set(account.user, account)
    },
    async update(user: string, change: (account: Account) => Account | undefined) {
      const before = stored.get(user)
      const changed = before && change(before)
      if (changed) await accounts.create(changed)
    },
  }
  return accounts
}
