import type { ListedTemplate } from '@karvdash/common'

/** What tells a template from others; nothing for most. */
export function markOf({ origin, pinned }: Pick<ListedTemplate, 'origin' | 'pinned'>): string | undefined {
  return origin === 'own' ? 'yours' : pinned ? 'pinned' : undefined
}
