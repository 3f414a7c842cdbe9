import { type Entry, type FilePath, folderOf, nameOf, namesOf, pathIn, rootPath } from '@karvdash/common'
import { isMissing, missing } from './fault.ts'
import { type ListedPage, Listings, type TreeChange } from './listings.ts'

/** Where entries come from. */
export interface TreePort {
  list(path: FilePath, cursor?: string): Promise<ListedPage>
  stat(path: FilePath): Promise<Entry>
}

export interface TreeOptions {
  onChange?: (changes: TreeChange[]) => void
  now?: () => number
}

/** How long a listing answers questions about single entries, and how long it answers who lists the folder. */
const entryFreshMs = 15_000
const listFreshMs = 4_000

const root: Entry = { name: '', type: 'folder', size: 0, modified: 0, created: 0, etag: '', writable: true }

/** What is known of one domain. VS Code asks a hundred times for what may be there: one listing answers all of it. */
export class Tree {
  private readonly listings: Listings
  private readonly port: TreePort
  private readonly asking = new Map<FilePath, Promise<Entry>>()

  constructor(port: TreePort, { onChange = () => undefined, now = Date.now }: TreeOptions = {}) {
    this.port = port
    this.listings = new Listings({ list: port.list, onChange, now })
  }

  /** @throws Problem, which {@link isMissing} knows, where nothing is there. */
  async entry(path: FilePath): Promise<Entry> {
    await this.listings.get(rootPath, entryFreshMs, false)
    if (path === rootPath) return root
    if (await this.isRuledOut(path)) throw missing(path)
    const { entries, next } = await this.listings.get(folderOf(path), entryFreshMs, false)
    const found = entries.get(nameOf(path))
    if (found) return found
    if (next === undefined) throw missing(path)
    return this.freshEntry(path)
  }

  /** The entry as it is now. */
  async freshEntry(path: FilePath): Promise<Entry> {
    if (path === rootPath) return root
    const asked = this.asking.get(path) ?? this.ask(path)
    this.asking.set(path, asked)
    return asked
  }

  /** All entries of a folder. */
  async entries(path: FilePath): Promise<Entry[]> {
    return [...(await this.listings.get(path, listFreshMs, true)).entries.values()]
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

  /** Has what others changed told, in every folder that was listed. */
  lookAgain(): Promise<void> {
    return this.listings.lookAgain()
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
      const known = await this.listings.known(above, entryFreshMs)
      if (!known) return false
      const entry = known.entries.get(name)
      if (entry ? entry.type !== 'folder' : known.next === undefined) return true
      above = pathIn(above, name)
    }
    return false
  }
}
