import { type Entry, type FilePath, pathIn } from '@karvdash/common'
import { isMissing } from './fault.ts'

/** A page of a folder's entries. */
export interface ListedPage {
  items: Entry[]
  next?: string | undefined
}

/** A folder's entries, as they were listed. */
export interface Listing {
  entries: Map<string, Entry>
  /** Where the listing goes on; undefined: it is whole. */
  next: string | undefined
  /** When it was asked for. */
  at: number
}

/** A change that was found by looking again. */
export interface TreeChange {
  path: FilePath
  type: 'changed' | 'created' | 'deleted'
}

export interface ListingsPorts {
  list(path: FilePath, cursor?: string): Promise<ListedPage>
  onChange: (changes: TreeChange[]) => void
  now: () => number
  /** How many entries are remembered, besides those of the folder that was listed last. */
  mostEntries?: number
}

/** Some 400 bytes each: a hundred MB. */
const mostEntries = 250_000

interface Folder {
  listing: Promise<Listing>
  at: number
  isWhole: boolean
  isPending: boolean
}

/** Listings of folders: who asks while one is on its way shares it, and that there is no such folder is an answer too. */
export class Listings {
  private readonly folders = new Map<FilePath, Folder>()
  private readonly last = new Map<FilePath, Listing>()
  private readonly ports: ListingsPorts

  constructor(ports: ListingsPorts) {
    this.ports = ports
  }

  /** The listing of a folder, not older than this; whole, or its first page. */
  get(path: FilePath, freshMs: number, isWhole: boolean): Promise<Listing> {
    const known = this.folders.get(path)
    if (known && this.ports.now() - known.at <= freshMs) {
      if (known.isWhole || !isWhole) return known.listing
      // Most folders have one page alone.
      if (known.isPending)
        return known.listing.then((listing) => (listing.next === undefined ? listing : this.get(path, freshMs, true)))
    }
    const started: Folder = { listing: this.load(path, isWhole), at: this.ports.now(), isWhole, isPending: true }
    this.folders.set(path, started)
    void started.listing.then(
      (listing) => this.arrived(path, started, listing),
      (failure: unknown) => this.failed(path, started, failure),
    )
    return started.listing
  }

  /** A listing that was asked for already. */
  known(path: FilePath, freshMs: number): Promise<Listing> | undefined {
    const folder = this.folders.get(path)
    return folder && this.ports.now() - folder.at <= freshMs ? folder.listing : undefined
  }

  /** An entry, as it was when it was listed or told of last. */
  lastKnown(path: FilePath, name: string): Entry | undefined {
    return this.last.get(path)?.entries.get(name)
  }

  /** Whether a folder was listed, so that somebody may be told what changed in it. */
  isListed(path: FilePath): boolean {
    return this.last.has(path)
  }

  /** Lists a folder again, as far as it was listed. @throws Problem where that fails. */
  async renew(path: FilePath): Promise<void> {
    const isWhole = this.last.get(path)?.next === undefined
    if (!this.folders.delete(path)) return
    await this.get(path, Number.POSITIVE_INFINITY, isWhole)
  }

  /** What is known of a folder is not sure any more: who asks next asks the server. */
  expire(path: FilePath): void {
    this.folders.delete(path)
  }

  /** Changes a listing. One that is on its way may be older than the change: it answers who waits, and nobody after. */
  amend(path: FilePath, change: (entries: Map<string, Entry>) => void): void {
    if (this.folders.get(path)?.isPending) this.folders.delete(path)
    const listed = this.last.get(path)
    if (listed) change(listed.entries)
  }

  /** Forgets a folder and all in it. */
  drop(path: FilePath): void {
    for (const map of [this.folders, this.last])
      for (const one of map.keys()) if (one === path || one.startsWith(`${path}/`)) map.delete(one)
  }

  /** Lists again whatever was listed, so that what changed meanwhile is told; one after the other, since it may be many. */
  async lookAgain(): Promise<void> {
    this.folders.clear()
    for (const [path, { next }] of [...this.last]) {
      try {
        await this.get(path, Number.POSITIVE_INFINITY, next === undefined)
      } catch (failure) {
        if (!isMissing(failure)) return
        this.last.delete(path)
      }
    }
  }

  private async load(path: FilePath, isWhole: boolean): Promise<Listing> {
    const entries = new Map<string, Entry>()
    const at = this.ports.now()
    let next: string | undefined
    do {
      const page = await this.ports.list(path, next)
      for (const entry of page.items) entries.set(entry.name, entry)
      next = page.next
    } while (isWhole && next !== undefined)
    return { entries, next, at }
  }

  private arrived(path: FilePath, started: Folder, listing: Listing): void {
    started.isPending = false
    started.isWhole ||= listing.next === undefined
    if (this.folders.get(path) !== started) return
    const changes = differences(path, this.last.get(path), listing)
    this.last.delete(path)
    this.last.set(path, listing)
    this.forgetOldest(path)
    if (changes.length > 0) this.ports.onChange(changes)
  }

  /** Who looks through many folders, one after the other, does not keep all of them. */
  private forgetOldest(kept: FilePath): void {
    let count = 0
    for (const { entries } of this.last.values()) count += entries.size
    for (const [path, { entries }] of this.last) {
      if (count <= (this.ports.mostEntries ?? mostEntries) || path === kept) return
      count -= entries.size
      this.last.delete(path)
      this.folders.delete(path)
    }
  }

  private failed(path: FilePath, started: Folder, failure: unknown): void {
    started.isPending = false
    if (this.folders.get(path) === started && !isMissing(failure)) this.folders.delete(path)
  }
}

function differences(path: FilePath, old: Listing | undefined, { entries, next }: Listing): TreeChange[] {
  if (!old) return []
  const at = (name: string, type: TreeChange['type']): TreeChange => ({ path: pathIn(path, name), type })
  const found = [...entries.values()].flatMap((entry) => {
    const known = old.entries.get(entry.name)
    if (!known) return old.next === undefined ? [at(entry.name, 'created')] : []
    return known.etag === entry.etag || entry.type === 'folder' ? [] : [at(entry.name, 'changed')]
  })
  const gone = next === undefined ? [...old.entries.keys()].filter((name) => !entries.has(name)) : []
  return [...found, ...gone.map((name) => at(name, 'deleted'))]
}
