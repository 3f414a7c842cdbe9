import { type Entry, folderOf, Problem } from '@karvdash/common'
import * as vscode from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { Branches, type BranchPorts, type Found } from './branches.ts'
import { type Carrying, carry, remarkOn } from './carry.ts'
import { createConflicts } from './conflicts.ts'
import { toFileSystemError } from './file-system-error.ts'
import { type Location, locate, uriPathOf } from './location.ts'
import { refused } from './remote.ts'
import { changeType, rootStat, statOf, typeOf } from './stat.ts'

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

/** The domains in VS Code's own file browser. */
export class Files implements vscode.FileSystemProvider {
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>()
  private readonly conflicts = createConflicts()
  private readonly branches: Branches
  private readonly ports: FilesPorts

  constructor(ports: FilesPorts) {
    this.ports = ports
    this.onDidChangeFile = this.changed.event
    const onChange: BranchPorts['onChange'] = ({ authority, domain }, changes) => {
      const at = (path: string) => vscode.Uri.from({ scheme, authority, path: uriPathOf(domain, path) })
      this.changed.fire(changes.map((change) => ({ type: changeType(change), uri: at(change.path) })))
    }
    this.branches = new Branches({ connection: ports.connection, onChange })
  }

  /** VS Code asks for all below a folder; what is watched are the folders that were listed, and those of opened files. */
  watch(uri: vscode.Uri): vscode.Disposable {
    const location = locate(uri.path)
    const end = location.kind === 'entry' ? this.branches.watch(uri.authority, location.domain) : () => undefined
    return new vscode.Disposable(end)
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.told(uri, async (location) => {
      if (location.kind === 'root') return rootStat
      if (location.kind === 'workspace') return this.workspaceStat()
      const { tree, path, key } = this.branches.find(uri, location)
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
      const { tree, watcher, path } = this.branches.find(uri, location)
      const entries = await tree.entries(path)
      watcher.show(path)
      return entries.map((entry) => [entry.name, typeOf(entry)])
    })
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.told(uri, async (location) => {
      if (location.kind === 'workspace') return this.ports.root.readWorkspace()
      const { tree, remote, watcher, path, key } = this.branches.find(uri, location)
      // VS Code asks for the content before it looks at the size.
      const known = await tree.entry(path)
      this.refuseUnreadable(known)
      watcher.show(folderOf(path))
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
      const { tree, remote, path, key } = this.branches.find(uri, location)
      const condition = this.conflicts.condition(key, options)
      const wasKnown = await tree.during(path, async () => {
        const entry = await remote.write(path, content, condition)
        this.conflicts.wrote(key, entry)
        const isKnown = tree.isKnown(path)
        tree.put(path, entry)
        return isKnown
      })
      // The Explorer draws what was created; what was changed it takes for drawn.
      this.fire(wasKnown ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created, uri)
    })
  }

  createDirectory(uri: vscode.Uri): Promise<void> {
    return this.told(uri, async (location) => {
      const found = this.branches.find(uri, location)
      this.came(found, await found.remote.makeFolder(found.path))
    })
  }

  delete(uri: vscode.Uri, { recursive }: { recursive: boolean }): Promise<void> {
    return this.told(uri, async (location) => {
      const found = this.branches.find(uri, location)
      await found.remote.remove(found.path, recursive)
      this.left(found)
    })
  }

  rename(from: vscode.Uri, to: vscode.Uri, { overwrite }: { overwrite: boolean }): Promise<void> {
    return this.told(from, async (location) => {
      const source = this.branches.find(from, location)
      const target = this.target(from, to)
      if (source.remote !== target.remote) return this.carry({ kind: 'move', from: source, to: target, overwrite })
      const entry = await source.remote.move(source.path, target.path, overwrite)
      this.left(source)
      this.came(target, entry)
    })
  }

  copy(from: vscode.Uri, to: vscode.Uri, { overwrite }: { overwrite: boolean }): Promise<void> {
    return this.told(from, (location) => {
      const source = this.branches.find(from, location)
      return this.carry({ kind: 'copy', from: source, to: this.target(from, to), overwrite })
    })
  }

  /** Where a file is to come, for who sends it there by other ways; `arrived` has it shown. */
  place(uri: vscode.Uri): Promise<Found & { arrived(entry: Entry): void }> {
    return this.told(uri, async (location) => {
      const found = this.branches.find(uri, location)
      return { ...found, arrived: (entry) => this.came(found, entry) }
    })
  }

  /** An editor has changes of a file that are not saved, or has none any more. */
  edited(uri: vscode.Uri, isDirty: boolean): void {
    const location = locate(uri.path)
    if (location.kind === 'entry') this.conflicts.edited(this.branches.find(uri, location).key, isDirty)
  }

  /** Whether somebody is signed in, so that what happens can be told. */
  connected(isConnected: boolean): void {
    this.branches.connected(isConnected)
  }

  /** Looks again at what was seen of this server, and tells VS Code what changed meanwhile. */
  async refresh(): Promise<void> {
    const { server } = await this.ports.connection.ready()
    await Promise.all(this.branches.of(server.id).map(({ tree }) => tree.lookAgain()))
  }

  private async carry(carrying: Carrying): Promise<void> {
    const { kind, from, to } = carrying
    const job = await carry(this.ports.connection, carrying)
    if (kind === 'move') this.left(from)
    this.came(to, await to.remote.stat(to.path))
    const remark = remarkOn(job)
    if (remark !== undefined) void vscode.window.showWarningMessage(remark)
  }

  private target(from: vscode.Uri, to: vscode.Uri): Found {
    if (from.authority.toLowerCase() === to.authority.toLowerCase()) return this.branches.find(to, locate(to.path))
    throw refused('Nothing can be copied or moved between two servers: download it, and upload it there.', 'no-permission')
  }

  private left({ tree, path, key, uri }: Found): void {
    tree.drop(path)
    this.conflicts.forget(key)
    this.fire(vscode.FileChangeType.Deleted, uri)
  }

  private came({ tree, path, key, uri }: Found, entry: Entry): void {
    tree.drop(path)
    tree.put(path, entry)
    this.conflicts.forget(key)
    this.fire(vscode.FileChangeType.Created, uri)
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
