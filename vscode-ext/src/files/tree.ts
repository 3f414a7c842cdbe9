import { type Entry, type FilePath, folderOf, nameOf, namesOf, pathIn, rootPath } from '@karvdash/common'
import { isMissing, missing } from './fault.ts'
import { type ListedPage, Listings, type TreeChange } from './listings.ts'
import { createNews } from './news.ts'

/** Where entries come from. */
export interface TreePort {
  list(path: FilePath, cursor?: string): Promise<ListedPage>
  stat(path: FilePath): Promise<Entry>
}

export interface TreeOptions {
  onChange?: (changes: TreeChange[]) => void
  now?: () => number
  /** Whether all that happens in a folder is told: then what is known of it is true. */
  isWatched?: (path: FilePath) => boolean
  /** How many entries are remembered. */
  mostEntries?: number
}

/** How long a listing answers questions about single entries, and how long it answers who lists the folder. */
const entryFreshMs = 15_000
const listFreshMs = 4_000
/** In larger folders of network file systems the server tells what comes and goes, and not what is written. */
const mostTold = 1000

const root: Entry = { name: '', type: 'folder', size: 0, modified: 0, created: 0, etag: '', writable: true }

/** What is known of one domain. VS Code asks a hundred times for what may be there: one listing answers all of it. */
export class Tree {
  private readonly listings: Listings
  private readonly port: TreePort
  private readonly asking = new Map<FilePath, Promise<Entry>>()
  private readonly own = new Map<FilePath, Promise<unknown>>()
  private readonly onChange: (changes: TreeChange[]) => void
  private readonly isWatched: (path: FilePath) => boolean
  private readonly now: () => number
  /** Something changed in a folder: these names, or anything. */
  readonly hear: (path: FilePath, names?: readonly string[]) => void

  constructor(port: TreePort, options: TreeOptions = {}) {
    const { onChange = () => undefined, now = Date.now, isWatched = () => false, mostEntries } = options
    this.port = port
    this.onChange = onChange
    this.isWatched = isWatched
    this.now = now
    this.listings = new Listings({ list: port.list, onChange, now, ...(mostEntries !== undefined && { mostEntries }) })
    this.hear = createNews({ list: (path) => this.renew(path), look: (path, name) => this.look(path, name) })
  }

  /** @throws Problem, which {@link isMissing} knows, where nothing is there. */
  async entry(path: FilePath): Promise<Entry> {
    await this.listings.get(rootPath, this.fresh(rootPath), false)
    if (path === rootPath) return root
    if (await this.isRuledOut(path)) throw missing(path)
    const folder = folderOf(path)
    const { entries, next, at } = await this.listings.get(folder, this.fresh(folder), false)
    const found = entries.get(nameOf(path))
    if (found && (entries.size <= mostTold || this.now() - at <= entryFreshMs)) return found
    if (!found && next === undefined) throw missing(path)
    return this.askOnce(path)
  }

  /** The entry as it is now. */
  async freshEntry(path: FilePath): Promise<Entry> {
    if (path === rootPath) return root
    // What is asked for already may be older than a change since.
    await this.asking.get(path)?.catch(() => undefined)
    return this.askOnce(path)
  }

  /** All entries of a folder. */
  async entries(path: FilePath): Promise<Entry[]> {
    return [...(await this.listings.get(path, this.fresh(path, listFreshMs), true)).entries.values()]
  }

  /** Whether an entry was there when it was listed or told of last. */
  isKnown(path: FilePath): boolean {
    return this.listings.lastKnown(folderOf(path), nameOf(path)) !== undefined
  }

  /** Takes what the server told of an entry that we made or changed. */
  put(path: FilePath, entry: Entry): void {
    const name = nameOf(path)
    this.listings.amend(folderOf(path), (entries) => entries.set(name, { ...entry, name }))
  }

  /** An entry is not there any more, or is another one with other content. */
  drop(path: FilePath): void {
    this.listings.amend(folderOf(path), (entries) => entries.delete(nameOf(path)))
    this.listings.drop(path)
  }

  /** Does work of ours on an entry: what is told of the entry meanwhile is our own doing. */
  async during<T>(path: FilePath, work: () => Promise<T>): Promise<T> {
    const working = Promise.resolve().then(work)
    this.own.set(path, working)
    try {
      return await working
    } finally {
      if (this.own.get(path) === working) this.own.delete(path)
    }
  }

  /** The way to a folder that was watched leads there no more: whether there is none, or another one. */
  async isGone(path: FilePath): Promise<boolean> {
    if (path === rootPath) return true
    await this.look(folderOf(path), nameOf(path)).catch(() => undefined)
    if (this.listings.lastKnown(folderOf(path), nameOf(path))?.type !== 'folder') return true
    await this.renew(path).catch(() => undefined)
    return false
  }

  /** Has what others changed told, in every folder that was listed. */
  lookAgain(): Promise<void> {
    return this.listings.lookAgain()
  }

  private fresh(path: FilePath, otherwiseMs = entryFreshMs): number {
    return this.isWatched(path) ? Number.POSITIVE_INFINITY : otherwiseMs
  }

  private async renew(path: FilePath): Promise<void> {
    const wasListed = this.listings.isListed(path)
    await this.listings.renew(path)
    // What it was is not remembered: whoever shows it shall look.
    if (!wasListed) this.onChange([{ path, type: 'changed' }])
  }

  /** Looks at one entry, and tells what became of it. */
  private async look(folder: FilePath, name: string): Promise<void> {
    const path = pathIn(folder, name)
    await this.own.get(path)?.catch(() => undefined)
    // What is asked for already may be older than the change.
    await this.asking.get(path)?.catch(() => undefined)
    const before = this.listings.lastKnown(folder, name)
    const after = await this.freshEntry(path).catch((failure: unknown) => {
      if (isMissing(failure)) return undefined
      this.listings.expire(folder)
      throw failure
    })
    const type = difference(before, after)
    if (type === 'created') this.listings.drop(path)
    if (type) this.onChange([{ path, type }])
  }

  /** Who asks while somebody does shares the answer. */
  private askOnce(path: FilePath): Promise<Entry> {
    const asked = this.asking.get(path) ?? this.ask(path)
    this.asking.set(path, asked)
    return asked
  }

  private async ask(path: FilePath): Promise<Entry> {
    try {
      const found = await this.port.stat(path)
      this.put(path, found)
      return found
    } catch (failure) {
      if (isMissing(failure)) this.drop(path)
      throw failure
    } finally {
      this.asking.delete(path)
    }
  }

  /** Whether a folder above, listed already, says that there is no such way. */
  private async isRuledOut(path: FilePath): Promise<boolean> {
    let above = rootPath
    for (const name of namesOf(path).slice(0, -1)) {
      const known = await this.listings.known(above, this.fresh(above))
      if (!known) return false
      const entry = known.entries.get(name)
      if (entry ? entry.type !== 'folder' : known.next === undefined) return true
      above = pathIn(above, name)
    }
    return false
  }
}

function difference(before: Entry | undefined, after: Entry | undefined): TreeChange['type'] | undefined {
  if (!before || !after) return before ? 'deleted' : after && 'created'
  return before.etag === after.etag || (before.type === 'folder' && after.type === 'folder') ? undefined : 'changed'
}
