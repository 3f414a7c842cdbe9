import type { User } from '@karvdash/common'

export type Standing = 'waiting' | 'active' | 'deactivated' | 'leaving'

/** Where a user stands; whoever was active once has a namespace. */
export function standingOf({ active, leaving, namespace }: Pick<User, 'active' | 'leaving' | 'namespace'>): Standing {
  if (leaving) return 'leaving'
  if (active) return 'active'
  return namespace === undefined ? 'waiting' : 'deactivated'
}

/** The same in words. */
export const standingWords: Record<Standing, string> = {
  waiting: 'Waiting',
  active: 'Active',
  deactivated: 'Deactivated',
  leaving: 'Being deleted',
}

/** Whether a user is among those that somebody looks for; nothing typed looks for all. */
export function isMatch({ name, displayName, email }: User, search: string): boolean {
  const wanted = search.trim().toLowerCase()
  return [name, displayName, email].some((text) => text.toLowerCase().includes(wanted))
}
