import type { BigIntStats } from 'node:fs'
import type { Entry, EntryType } from '@karvdash/common'
import { codeOf } from './refusals.ts'
import { type Bounds, linkTarget, type Place, resolve } from './resolve.ts'

/** A place, held by whoever asks. */
export type Spot = Omit<Place, typeof Symbol.dispose>

/** The entry at a place, undefined where there is none; a link is told as what it leads to. */
export function entryAt(bounds: Bounds, place: Spot): Entry | undefined {
  const { folder, name, trail, stats } = place
  if (!stats) return undefined
  const shownName = name === '.' ? (trail.at(-1) ?? '') : name
  if (!stats.isSymbolicLink()) return entryOf(shownName, stats)
  try {
    const link = linkTarget(folder, name)
    return { ...behindLink(bounds, [...trail, name], { name: shownName, stats }), link }
  } catch (error) {
    // It was removed, or is no link any more.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}

/** An entry, told from what the file system says of it. */
export function entryOf(name: string, stats: BigIntStats): Entry {
  const type = typeOf(stats)
  const { mtimeMs, birthtimeMs, ctimeMs, mode } = stats
  return {
    name,
    type,
    size: type === 'file' ? Number(stats.size) : 0,
    modified: Number(mtimeMs),
    created: Number(birthtimeMs > 0n ? birthtimeMs : ctimeMs),
    etag: etagOf(stats),
    writable: (mode & 0o222n) !== 0n,
  }
}

/**
 * A strong etag (RFC 9110 §8.8.1): size and mtime alone would miss an edit of the same size in one tick of the clock; ctime cannot be set back.
 */
export function etagOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `"${[ino, size, mtimeNs, ctimeNs].map((number) => number.toString(36)).join('-')}"`
}

function typeOf(stats: BigIntStats): EntryType {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'folder'
  return stats.isSymbolicLink() ? 'link-broken' : 'other'
}

function behindLink(bounds: Bounds, names: string[], { name, stats }: { name: string; stats: BigIntStats }): Entry {
  try {
    using target = resolve(bounds, names, { follow: true })
    return entryOf(name, target.stats ?? stats)
  } catch {
    // Whatever keeps us from its target (none there, out of the root, a loop): it cannot be followed, and that is what is told.
    return entryOf(name, stats)
  }
}
