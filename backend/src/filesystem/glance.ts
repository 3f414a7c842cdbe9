import { fstatSync, lstatSync } from 'node:fs'
import { etagOf } from './entries.ts'
import { at, type Held } from './held.ts'
import type { ReadNames } from './listing.ts'
import { inSlices } from './slices.ts'

/** What a folder looked like: where it is too long to look at each entry, only its own times are known. */
export interface Glance {
  stamp: string
  entries: ReadonlyMap<string, string> | undefined
}

/** What changed: these names, or `anything`. */
export type Difference = readonly string[] | 'anything'

/** In a longer folder only what is made, renamed and removed is seen, and not what is written. */
const mostEntries = 1000

/** Looks at a folder, and at each of its entries where they are few. */
export async function glance(folder: Held, readNames: ReadNames, before?: Glance): Promise<Glance> {
  const stamp = stampOf(folder)
  if (before && before.entries === undefined) return { stamp, entries: undefined }
  const names = before?.stamp === stamp && before.entries ? [...before.entries.keys()] : await readNames(folder)
  if (names.length > mostEntries) return { stamp, entries: undefined }
  const entries = await inSlices(names, (name) => [name, lookOf(folder, name)] as const)
  return { stamp, entries: new Map(entries) }
}

/** When a folder was last changed, by its clock. */
export function stampOf(folder: Held): string {
  const { mtimeNs, ctimeNs } = fstatSync(folder.fd, { bigint: true })
  return `${mtimeNs}:${ctimeNs}`
}

/** What changed from one look to the next. */
export function difference(before: Glance, after: Glance): Difference {
  const [old, now] = [before.entries, after.entries]
  if (!old || !now) return before.stamp === after.stamp && !old === !now ? [] : 'anything'
  const gone = [...old.keys()].filter((name) => !now.has(name))
  return [...gone, ...[...now].filter(([name, look]) => old.get(name) !== look).map(([name]) => name)]
}

/** What is made in a folder changes its times, but not what is told of it here. */
function lookOf(folder: Held, name: string): string {
  const stats = lstatSync(at(folder.fd, name), { bigint: true, throwIfNoEntry: false })
  return stats?.isDirectory() ? `${stats.ino}` : stats ? etagOf(stats) : ''
}
