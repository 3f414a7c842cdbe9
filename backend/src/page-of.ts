/** An item with the text that decides its place in the list. */
export interface Keyed<T> {
  key: string
  item: T
}

/** One page of a list, in order of the keys; `next` is the cursor of the page after it. */
export function page<T>(
  all: Keyed<T>[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): { items: T[]; next?: string } {
  const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString()
  const rest = all.filter(({ key }) => key > after).sort((a, b) => (a.key < b.key ? -1 : 1))
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  return {
    items: items.map(({ item }) => item),
    ...(rest.length > limit && last && { next: Buffer.from(last.key).toString('base64url') }),
  }
}

const farAway = 10 ** 15

/** The key of what was made at a time, the newest first: pages go by rising keys. */
export function newestFirst({ createdAt, id }: { createdAt: string; id: string }): string {
  return `${String(farAway - Date.parse(createdAt)).padStart(16, '0')} ${id}`
}
