/** What an entry was at some moment. */
export interface Stamp {
  etag: string
  size: number
  modified: number
}

/** What VS Code is told of it. */
export interface Shown {
  size: number
  modified: number
}

/** On which condition the server shall write. */
export interface Condition {
  ifMatch?: string
  ifNoneMatch?: '*'
}

/** Keeps track of what people saw, so that nothing they did not see is overwritten. Keys are addresses. */
export interface Conflicts {
  /** Its content came. */
  read(key: string, stamp: Stamp): void
  /** Its content was written. */
  wrote(key: string, stamp: Stamp): void
  /** VS Code asks what it is; undefined: it is not there. Gives what to say. */
  asked(key: string, stamp: Stamp): Shown
  askedInVain(key: string): void
  /** An editor has changes that are not saved, or has none any more. */
  edited(key: string, isDirty: boolean): void
  isDirty(key: string): boolean
  condition(key: string, options: { create: boolean; overwrite: boolean }): Condition
  forget(key: string): void
}

interface Seen {
  lastRead?: Stamp
  /** Null: it was not there. */
  lastAsked?: Stamp | null
  /** What people saw when they began to change it: others may read the file meanwhile. */
  dirtyBase?: Stamp
  isDirty: boolean
  shown?: { etag: string; modified: number }
}

/**
 * Makes VS Code's own question "Compare or Overwrite?" appear when the server's file changed under an editor. VS Code compares times and
 * sizes, we know etags: so where an etag says "changed", the size and the time that VS Code is told say it too.
 */
export function createConflicts(): Conflicts {
  const all = new Map<string, Seen>()
  function seen(key: string): Seen {
    const known = all.get(key) ?? { isDirty: false }
    all.set(key, known)
    return known
  }
  return {
    read(key, stamp) {
      const known = seen(key)
      known.lastRead = stamp
    },
    wrote(key, stamp) {
      const known = seen(key)
      known.lastRead = known.lastAsked = stamp
      if (known.dirtyBase) known.dirtyBase = stamp
    },
    asked(key, stamp) {
      const known = seen(key)
      known.lastAsked = stamp
      const modified = advanced(known.shown, stamp)
      const base = known.dirtyBase
      if (base && base.etag !== stamp.etag) {
        const size = stamp.size === base.size ? stamp.size + 1 : stamp.size
        return { size, modified: Math.max(modified, (known.shown?.modified ?? base.modified) + 1) }
      }
      known.shown = { etag: stamp.etag, modified }
      return { size: stamp.size, modified }
    },
    askedInVain(key) {
      const known = all.get(key)
      if (known) known.lastAsked = null
    },
    edited(key, isDirty) {
      if (!isDirty && !all.has(key)) return
      const known = seen(key)
      known.isDirty = isDirty
      if (!isDirty) delete known.dirtyBase
      else if (!known.dirtyBase && known.lastRead) known.dirtyBase = known.lastRead
    },
    isDirty: (key) => all.get(key)?.isDirty ?? false,
    condition(key, { create, overwrite }) {
      const { dirtyBase, lastRead, lastAsked } = all.get(key) ?? {}
      if (create && (!overwrite || lastAsked === null)) return { ifNoneMatch: '*' }
      // VS Code would have refused unless somebody pressed Overwrite.
      const hasConsent = dirtyBase && lastAsked && lastAsked.etag !== dirtyBase.etag
      const base = hasConsent ? lastAsked : (dirtyBase ?? lastRead ?? lastAsked)
      if (base) return { ifMatch: base.etag }
      return create ? {} : { ifMatch: '*' }
    },
    forget(key) {
      for (const one of all.keys()) if (one === key || one.startsWith(`${key}/`)) all.delete(one)
    },
  }
}

/** A time that moves on whenever the entry does, also where the file system's clock ticks too slowly. */
function advanced(shown: Seen['shown'], { etag, modified }: Stamp): number {
  if (!shown) return modified
  return shown.etag === etag ? shown.modified : Math.max(modified, shown.modified + 1)
}
