import { fstatSync, lstatSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { type Entry, partPrefix } from '@karvdash/common'
import { entryAt } from './entries.ts'
import { byName, byValue, type EntryOrder } from './entry-order.ts'
import { at, type Held, holdFolder, itself } from './held.ts'
import { type NameFilter, nameFilter } from './name-filter.ts'
import { nameOfRaw } from './raw-name.ts'
import type { Bounds, Place } from './resolve.ts'
import { inSlices, sorted } from './slices.ts'
import { sweepParts } from './sweep.ts'

/** Some entries of a folder, and where to go on. */
export interface EntryPage {
  items: Entry[]
  next?: string
}

/** Which entries of a folder, in which order. */
export type ListOptions = NameFilter & EntryOrder

interface Listing {
  place: Place
  bounds: Bounds
  readNames: ReadNames
  page: ListOptions
}

/** Entries of the folder at a place, from the one after the cursor on; what vanishes meanwhile is left out. */
export async function listed({ place, bounds, readNames, page }: Listing): Promise<EntryPage> {
  using folder = holdFolder(place.folder, place.name)
  const trail = place.name === '.' ? place.trail : [...place.trail, place.name]
  const describe = (name: string) => {
    const stats = lstatSync(at(folder.fd, name), { bigint: true, throwIfNoEntry: false })
    return entryAt(bounds, { folder: folder.fd, name, trail, stats })
  }
  const names = await wantedNames(await readNames(folder), page)
  const order = page.sort === undefined || page.sort === 'name' ? byName : byValue
  return await order(names, describe, page)
}

async function wantedNames(all: readonly string[], filter: NameFilter): Promise<readonly string[]> {
  const isWanted = nameFilter(filter)
  return isWanted ? (await inSlices(all, (name) => (isWanted(name) ? [name] : []))).flat() : all
}

/** Reads the sorted names of a folder; a long listing that is read page by page is read and sorted once. */
export type ReadNames = (folder: Held) => Promise<readonly string[]>

const worthKeeping = 1000
const mostKept = 500_000
/** A folder that changed a moment ago may change again without its clock moving on. */
const settledMs = 2000

/** Makes a reader of names with a memory of bounded size. */
export function createReadNames({ clock = Date.now }: { clock?: () => number } = {}): ReadNames {
  const kept = new Map<string, { stamp: string; names: readonly string[] }>()
  function keep(key: string, stamp: string, names: readonly string[]): void {
    kept.delete(key)
    kept.set(key, { stamp, names })
    let total = [...kept.values()].reduce((sum, one) => sum + one.names.length, 0)
    for (const [oldest, one] of kept) {
      if (total <= mostKept) break
      kept.delete(oldest)
      total -= one.names.length
    }
  }
  return async (folder) => {
    // Looked at before it is read: what changes in between makes the stamp old.
    const { dev, ino, mtimeNs, ctimeNs, mtimeMs } = fstatSync(folder.fd, { bigint: true })
    const [key, stamp] = [`${dev}:${ino}`, `${mtimeNs}:${ctimeNs}`]
    const known = kept.get(key)
    if (known?.stamp === stamp) return known.names
    const names = await readNames(folder, clock())
    if (names.length >= worthKeeping && clock() - Number(mtimeMs) > settledMs) keep(key, stamp, names)
    return names
  }
}

async function readNames(folder: Held, now: number): Promise<string[]> {
  const raw = await readdir(itself(folder), { encoding: 'latin1' })
  const names = await inSlices(raw, nameOfRaw)
  const isPart = (name: string) => name.startsWith(partPrefix)
  const parts = names.filter(isPart)
  sweepParts(folder.fd, parts, now)
  return sorted(parts.length === 0 ? names : names.filter((name) => !isPart(name)))
}
