import { type Entry, type EntryType, invalid } from '@karvdash/common'
import type { EntryPage } from './listing.ts'
import { countUpTo, inSlices } from './slices.ts'

/** In which order entries come, and from where on. */
export interface EntryOrder {
  limit: number
  cursor?: string | undefined
  type?: EntryType | undefined
  sort?: 'name' | 'size' | 'modified' | undefined
  direction?: 'ascending' | 'descending' | undefined
}

/** Tells an entry of a name; undefined where it vanished. */
export type Describe = (name: string) => Entry | undefined

/** A page of those who have the type ends after so many looks, and tells where to go on, however few it found. */
const mostLooks = 20_000

/** A page of entries by name. @param names all of them, ascending. */
export async function byName(names: readonly string[], describe: Describe, order: EntryOrder): Promise<EntryPage> {
  const { limit, cursor, type, direction } = order
  const ordered = direction === 'descending' ? names.toReversed() : names
  const start =
    cursor === undefined ? 0 : direction === 'descending' ? names.length - countBefore(names, cursor) : countUpTo(names, cursor)
  const items: Entry[] = []
  let at = start
  while (items.length < limit && at < ordered.length && at - start < mostLooks) {
    const batch = ordered.slice(at, at + limit - items.length)
    items.push(...(await inSlices(batch, describe)).filter((entry) => isOfType(entry, type)))
    at += batch.length
  }
  const last = at < ordered.length ? ordered[at - 1] : undefined
  return { items, ...(last !== undefined && { next: last }) }
}

/**
 * A page of entries by size or time, those alike by name. Every entry is looked at for each page, and only the page is kept. The cursor says
 * what the last one had, so it stays right whatever changes.
 */
export async function byValue(names: readonly string[], describe: Describe, order: EntryOrder): Promise<EntryPage> {
  const { limit, cursor, type, sort = 'size', direction } = order
  const sign = direction === 'descending' ? -1 : 1
  const rankOf = (entry: Entry) => (sort === 'modified' ? entry.modified : entry.size)
  const compare = (a: Ranked, b: Ranked) => sign * (a.value - b.value || (a.name < b.name ? -1 : Number(a.name > b.name)))
  const after = cursor === undefined ? undefined : rankedOf(cursor)
  const best: (Ranked & { entry: Entry })[] = []
  await inSlices(names, (name) => {
    const entry = describe(name)
    if (!isOfType(entry, type)) return
    const one = { value: rankOf(entry), name, entry }
    if (after && compare(one, after) <= 0) return
    best.push(one)
    if (best.length > 2 * limit + 1) best.sort(compare).splice(limit + 1)
  })
  const found = best.sort(compare).slice(0, limit)
  const last = best.length > limit ? found.at(-1) : undefined
  return { items: found.map(({ entry }) => entry), ...(last && { next: `${last.value}/${last.name}` }) }
}

interface Ranked {
  value: number
  name: string
}

function rankedOf(cursor: string): Ranked {
  const [, value, name] = /^(-?[\d.e+]+)\/(.+)$/s.exec(cursor) ?? []
  if (value !== undefined && name !== undefined && Number.isFinite(Number(value))) return { value: Number(value), name }
  throw invalid([{ pointer: '/query/cursor', detail: 'This cursor belongs to another order: begin again without one.' }])
}

function countBefore(names: readonly string[], name: string): number {
  const count = countUpTo(names, name)
  return names[count - 1] === name ? count - 1 : count
}

function isOfType(entry: Entry | undefined, type: EntryType | undefined): entry is Entry {
  return entry !== undefined && (type === undefined || entry.type === type)
}
