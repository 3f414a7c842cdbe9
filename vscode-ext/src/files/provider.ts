import { type Entry, Problem } from '@karvdash/common'
import * as vscode from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { createConflicts } from './conflicts.ts'
import { toFileSystemError } from './file-system-error.ts'
import { type Location, locate, uriPathOf } from './location.ts'
import { type Remote, refused, remoteDomain } from './remote.ts'
import { changeType, rootStat, statOf, typeOf } from './stat.ts'
import { Tree } from './tree.ts'

/** The scheme of addresses: `karvdash://<server>/<domain>/<path>`. */
export const scheme = 'karvdash'

/** The root of a server: its domains, and the file that opens all of them as one workspace. */
export interface Root {
  domains(): Promise<string[]>
  readWorkspace(): Promise<Uint8Array>
  writeWorkspace(content: Uint8Array): Promise<void>
}

export interface FilesPorts {
  connection: Connection
  root: Root
  /** The largest file that is opened. */
  maxOpenBytes: () => number
}

/** What is known of a domain, and the domain itself. */
interface Branch {
  tree: Tree
  remote: Remote
}

type Found = Extract<Location, { kind: 'entry' }> & Branch & { key: string; uri: vscode.Uri }

/** The domains in VS Code's own file browser. */
export class Files implements vscode.FileSystemProvider {
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>()
  private readonly conflicts = createConflicts()
  private readonly branches = new Map<string, Branch>()
  private readonly ports: FilesPorts

  constructor(ports: FilesPorts) {
    this.ports = ports
    this.onDidChangeFile = this.changed.event
  }

  /** Nothing is watched: what others change is seen when a folder is listed again, and whenever a file is saved. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined)
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.told(uri, async (location) => {
      if (location.kind === 'root') return rootStat
      if (location.kind === 'workspace') return this.workspaceStat()
      const { tree, path, key } = this.find(uri, location)
      try {
        const entry = await (this.conflicts.isDirty(key) ? tree.freshEntry(path) : tree.entry(path))
        return entry.type === 'file' ? statOf(entry, this.conflicts.asked(key, entry)) : statOf(entry)
      } catch (failure) {
        this.conflicts.askedInVain(key)
        throw failure
      }
    })
  }

  readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.told(uri, async (location) => {
      if (location.kind === 'root') return (await this.ports.root.domains()).map((name) => [name, vscode.FileType.Directory])
      const { tree, path } = this.find(uri, location)
      return (await tree.entries(path)).map((entry) => [entry.name, typeOf(entry)])
    })
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.told(uri, async (location) => {
      if (location.kind === 'workspace') return this.ports.root.readWorkspace()
      const { tree, remote, path, key } = this.find(uri, location)
      // VS Code asks for the content before it looks at the size.
      const known = await tree.entry(path)
      this.refuseUnreadable(known)
      const { content, etag = known.etag } = await remote.read(path)
      this.conflicts.read(key, { etag, size: content.length, modified: known.modified })
      if (etag !== known.etag) {
        // It is younger than what VS Code was told of it a moment ago.
        await tree.freshEntry(path)
        this.fire(vscode.FileChangeType.Changed, uri)
      }
      return content
    })
  }

  writeFile(uri: vscode.Uri, content: Uint8Array, options: { create: boolean; overwrite: boolean }): Promise<void> {
    return this.told(uri, async (location) => {
      if (location.kind === 'workspace') return this.ports.root.writeWorkspace(content)
      const { tree, remote, path, key } = this.find(uri, location)
      const entry = await remote.write(path, content, this.conflicts.condition(key, options))
      this.conflicts.wrote(key, entry)
      tree.put(path, entry)
      this.fire(vscode.FileChangeType.Changed, uri)
    })
  }

  createDirectory(uri: vscode.Uri): Promise<void> {
    return this.told(uri, async (location) => {
      const { tree, remote, path } = this.find(uri, location)
      const entry = await remote.makeFolder(path)
      tree.drop(path)
      tree.put(path, entry)
      this.fire(vscode.FileChangeType.Created, uri)
    })
  }

  delete(uri: vscode.Uri, { recursive }: { recursive: boolean }): Promise<void> {
    return this.told(uri, async (location) => {
      const { tree, remote, path, key } = this.find(uri, location)
      await remote.remove(path, recursive)
      tree.drop(path)
      this.conflicts.forget(key)
      this.fire(vscode.FileChangeType.Deleted, uri)
    })
  }

  rename(from: vscode.Uri, to: vscode.Uri, { overwrite }: { overwrite: boolean }): Promise<void> {
    return this.told(from, async (location) => {
      const source = this.find(from, location)
      const target = this.find(to, locate(to.path))
      if (source.remote !== target.remote) return this.carry(source, target, overwrite)
      const entry = await source.remote.move(source.path, target.path, overwrite)
      source.tree.drop(source.path)
      source.tree.drop(target.path)
      source.tree.put(target.path, entry)
      this.conflicts.forget(source.key)
      this.conflicts.forget(target.key)
      this.fire(vscode.FileChangeType.Deleted, from)
      this.fire(vscode.FileChangeType.Created, to)
    })
  }

  /** An editor has changes of a file that are not saved, or has none any more. */
  edited(uri: vscode.Uri, isDirty: boolean): void {
    const location = locate(uri.path)
    if (location.kind === 'entry') this.conflicts.edited(this.find(uri, location).key, isDirty)
  }

  /** Looks again at what was seen of this server, and tells VS Code what changed meanwhile. */
  async refresh(): Promise<void> {
    const { server } = await this.ports.connection.ready()
    const own = [...this.branches].filter(([name]) => name.startsWith(`${server.id}/`))
    await Promise.all(own.map(([, { tree }]) => tree.lookAgain()))
  }

  /** Between domains the bytes travel through us, a file at a time. */
  private async carry(source: Found, target: Found, overwrite: boolean): Promise<void> {
    const entry = await source.tree.freshEntry(source.path)
    if (entry.type !== 'file')
      throw refused('Folders cannot be moved between domains here. Copy them in a terminal.', 'into-itself')
    const content = await this.readFile(source.uri)
    await this.writeFile(target.uri, content, { create: true, overwrite })
    await this.delete(source.uri, { recursive: false })
  }

  private refuseUnreadable({ name, type, size }: Entry): void {
    if (type === 'folder') throw refused(`"${name}" is a folder.`, 'is-a-folder')
    const limit = this.ports.maxOpenBytes()
    if (size <= limit) return
    const [is, most] = [size, limit].map((bytes) => Math.ceil(bytes / 2 ** 20))
    throw refused(
      `"${name}" has ${is} MiB, and at most ${most} MiB are opened (setting karvdash.files.maxOpenSizeMB).`,
      'too-large',
    )
  }

  private async workspaceStat(): Promise<vscode.FileStat> {
    const { length } = await this.ports.root.readWorkspace()
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: length }
  }

  private find(uri: vscode.Uri, location: Location): Found {
    if (location.kind === 'impossible') throw new Problem(400, 'Not a name', { detail: location.reason })
    if (location.kind !== 'entry') throw refused('Only what lies in a domain can be changed.', 'no-permission')
    const branch = `${uri.authority}/${location.domain}`
    const key = location.path === '' ? branch : `${branch}/${location.path}`
    return { ...location, ...(this.branches.get(branch) ?? this.grow(branch, uri, location.domain)), uri, key }
  }

  private grow(name: string, uri: vscode.Uri, domain: Found['domain']): Branch {
    const remote = remoteDomain(this.ports.connection, domain)
    const at = (path: string) => uri.with({ path: uriPathOf(domain, path) })
    const tree = new Tree(remote, {
      onChange: (changes) => this.changed.fire(changes.map((change) => ({ type: changeType(change), uri: at(change.path) }))),
    })
    this.branches.set(name, { tree, remote })
    return { tree, remote }
  }

  private fire(type: vscode.FileChangeType, uri: vscode.Uri): void {
    this.changed.fire([{ type, uri }])
  }

  /** Does what an address asks for; failures are told in VS Code's terms. */
  private async told<T>(uri: vscode.Uri, work: (location: Location) => Promise<T>): Promise<T> {
    try {
      const { server } = await this.ports.connection.ready()
      const other = uri.authority.toLowerCase()
      if (other !== server.id)
        throw new Problem(503, 'Other server', { detail: `You are signed in to ${server.id}. Sign in to ${other} to see this.` })
      const location = locate(uri.path)
      if (location.kind === 'nowhere') throw new Problem(404, 'Not found')
      return await work(location)
    } catch (failure) {
      throw toFileSystemError(failure, uri)
    }
  }
}
