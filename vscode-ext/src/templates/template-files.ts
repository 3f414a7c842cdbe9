import { contract, Problem, type TemplateText } from '@karvdash/common'
import * as vscode from 'vscode'
import type { Connected, Connection } from '../connection/connection.ts'
import { createConflicts, type Stamp } from '../files/conflicts.ts'
import { missing } from '../files/fault.ts'
import { toFileSystemError } from '../files/file-system-error.ts'
import { refused } from '../files/remote.ts'
import { templateOf, templatePath, templateScheme } from './template-address.ts'

/** The address of a template. */
export function templateUri(server: string, id: string): vscode.Uri {
  return vscode.Uri.from({ scheme: templateScheme, authority: server, path: templatePath(id) })
}

/** The texts of templates as files: one's own can be changed, others are read. What was changed meanwhile VS Code asks about. */
export class TemplateFiles implements vscode.FileSystemProvider {
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>()
  private readonly conflicts = createConflicts()
  private readonly connection: Connection
  private readonly onWrite: () => void
  /** When each text was first seen: templates have versions, and no times. */
  private readonly seen = new Map<string, Stamp>()

  constructor(connection: Connection, onWrite: () => void) {
    this.connection = connection
    this.onWrite = onWrite
    this.onDidChangeFile = this.changed.event
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined)
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.told(uri, async (id, { client }) => {
      const key = uri.toString()
      const text = await client.call(contract.getTemplateText, { params: { template: id } }).catch((failure: unknown) => {
        this.conflicts.askedInVain(key)
        throw failure
      })
      const { size, modified } = this.conflicts.asked(key, this.stampOf(key, text))
      const permissions = text.origin === 'own' ? {} : { permissions: vscode.FilePermission.Readonly }
      return { type: vscode.FileType.File, ctime: 0, mtime: modified, size, ...permissions }
    })
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.told(uri, async (id, { client }) => {
      const text = await client.call(contract.getTemplateText, { params: { template: id } })
      this.conflicts.read(uri.toString(), this.stampOf(uri.toString(), text))
      return new TextEncoder().encode(text.source)
    })
  }

  writeFile(uri: vscode.Uri, content: Uint8Array, options: { create: boolean; overwrite: boolean }): Promise<void> {
    return this.told(uri, async (id, { client }) => {
      const key = uri.toString()
      const { ifMatch: version } = this.conflicts.condition(key, options)
      if (version === undefined) throw refused('Make a template with New Template…, which gives it its place.', 'no-permission')
      const body = { source: new TextDecoder().decode(content), version }
      await client.call(contract.changeTemplate, { params: { template: id }, body }).catch(meanwhile)
      const text = await client.call(contract.getTemplateText, { params: { template: id } })
      this.conflicts.wrote(key, this.stampOf(key, text))
      this.fire(vscode.FileChangeType.Changed, uri)
      this.onWrite()
    })
  }

  delete(uri: vscode.Uri): Promise<void> {
    return this.told(uri, async (id, { client }) => {
      await client.call(contract.deleteTemplate, { params: { template: id } })
      this.gone(uri)
      this.onWrite()
    })
  }

  readDirectory(): [string, vscode.FileType][] {
    return []
  }

  createDirectory(): never {
    throw refused('Templates have no folders.', 'no-permission')
  }

  rename(): never {
    throw refused('A template keeps its id: make another with New Template…', 'no-permission')
  }

  /** An editor has changes of a template that are not saved, or has none any more. */
  edited(uri: vscode.Uri, isDirty: boolean): void {
    this.conflicts.edited(uri.toString(), isDirty)
  }

  private gone(uri: vscode.Uri): void {
    this.conflicts.forget(uri.toString())
    this.seen.delete(uri.toString())
    this.fire(vscode.FileChangeType.Deleted, uri)
  }

  private stampOf(key: string, { source, version = 'fixed' }: TemplateText): Stamp {
    const known = this.seen.get(key)
    if (known?.etag === version) return known
    const stamp = { etag: version, size: new TextEncoder().encode(source).length, modified: Date.now() }
    this.seen.set(key, stamp)
    return stamp
  }

  private fire(type: vscode.FileChangeType, uri: vscode.Uri): void {
    this.changed.fire([{ type, uri }])
  }

  /** Does what an address asks for; failures are told in VS Code's terms. */
  private async told<T>(uri: vscode.Uri, work: (id: string, connected: Connected) => Promise<T>): Promise<T> {
    try {
      const id = templateOf(uri.path)
      const { server } = await this.connection.ready()
      if (id === undefined) throw missing(uri.path.slice(1))
      if (uri.authority.toLowerCase() !== server.id)
        throw new Problem(503, 'Other server', {
          detail: `You are signed in to ${server.id}. Sign in to ${uri.authority} to see this.`,
        })
      return await this.connection.with((connected) => work(id, connected))
    } catch (failure) {
      throw toFileSystemError(failure, uri)
    }
  }
}

/** VS Code offers to try again, and then to compare. */
function meanwhile(failure: unknown): never {
  if (!(failure instanceof Problem) || failure.status !== 412) throw failure
  throw refused('The template was changed meanwhile. Try again to compare both.', 'entry-changed')
}
