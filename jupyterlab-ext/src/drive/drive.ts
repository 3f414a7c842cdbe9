import type { Contents, ServerConnection } from '@jupyterlab/services'
import { type DomainName, type Entry, Problem } from '@karvdash/common'
import { type ISignal, Signal } from '@lumino/signaling'
import { createChunks } from './chunks.ts'
import { bytesOf, contentOf, Unreadable } from './content.ts'
import { changedMeanwhile, conditionNow, type Files, isTaken, type UploadChoice, withFreeName } from './files.ts'
import { folderModel, modelOf, rootEntry } from './models.ts'
import { emptyNotebook, writeNotebook } from './notebook.ts'
import { cleaned, inside, nameOf, untitledName, withoutDrive } from './paths.ts'
import { createVersions } from './versions.ts'
import { firstView, type View } from './view.ts'

/** What a drive needs. */
export interface DrivePorts {
  name: DomainName
  files: Files
  serverSettings: ServerConnection.ISettings
  /** Where a browser downloads a file from. */
  downloadUrl: (path: string) => string
  /** Copies an entry into a folder, on the server; gives the name that it got there. */
  copy: (path: string, toFolder: string) => Promise<string>
  /** Makes of a failure the error that JupyterLab understands. */
  errorOf: (failure: unknown) => Error
}

/** What a whole file may be to be opened as a document: it lies in memory several times. */
const mostOpenedBytes = 100 * 1024 * 1024
/** Their viewers stream from the download URL; of the content they want nothing. */
const streamed = new Set(['video-provider', 'audio-provider'])

/** A domain as a drive of JupyterLab. Paths here have no drive's name before them. */
export class DomainDrive implements Contents.IDrive {
  readonly name: DomainName
  readonly serverSettings: ServerConnection.ISettings
  readonly #ports: DrivePorts
  readonly #files: Files
  readonly #versions = createVersions()
  readonly #chunks = createChunks()
  readonly #large = new Set<string>()
  readonly #folders = new Set<string>([''])
  readonly #fileChanged = new Signal<this, Contents.IChangedArgs>(this)
  #isDisposed = false
  #isPartial = false
  /** How the folder that the file browser shows is shown; every other one is given from its beginning. */
  view: View = firstView('')

  constructor(ports: DrivePorts) {
    this.name = ports.name
    this.serverSettings = ports.serverSettings
    this.#ports = ports
    this.#files = ports.files
  }

  get isDisposed(): boolean {
    return this.#isDisposed
  }

  get fileChanged(): ISignal<this, Contents.IChangedArgs> {
    return this.#fileChanged
  }

  dispose(): void {
    this.#isDisposed = true
    Signal.clearData(this)
  }

  /** Whether the folder that the file browser shows has more entries, or more that match, than are shown. */
  get isPartial(): boolean {
    return this.#isPartial
  }

  /** Whether the folder that the file browser shows is one of which not all is shown: then the server filters and sorts. */
  get isLarge(): boolean {
    return this.#large.has(this.view.path)
  }

  get(localPath: string, options: Contents.IFetchOptions = {}): Promise<Contents.IModel> {
    const path = cleaned(localPath)
    const wantsContent = options.content !== false && !streamed.has(options.contentProviderId ?? '')
    return this.#told(() => (wantsContent ? this.#withContent(path, options) : this.#metadata(path)))
  }

  async getDownloadUrl(localPath: string): Promise<string> {
    return this.#ports.downloadUrl(cleaned(localPath))
  }

  newUntitled({ path = '', type = 'file', ext = '.txt' }: Contents.ICreateOptions = {}): Promise<Contents.IModel> {
    const extension = ext.startsWith('.') ? ext : `.${ext}`
    const content = type === 'notebook' ? writeNotebook(emptyNotebook) : ''
    return this.#told(async () => {
      const made = await withFreeName(
        (count) => inside(path, untitledName(type, extension, count)),
        async (file) => modelOf(file, await this.#create(file, type, content)),
      )
      return this.#announced('new', null, made)
    })
  }

  save(localPath: string, options: Partial<Contents.IModel> = {}): Promise<Contents.IModel> {
    const path = cleaned(localPath)
    return this.#told(async () => {
      const body = options.type === 'directory' ? undefined : this.#chunks.whole(path, options, bytesOf)
      if (body === 'unfinished') return modelOf(path, { ...rootEntry(), name: nameOf(path), type: 'file' })
      const entry = body === undefined ? await this.#files.createFolder(path) : await this.#overwrite(path, body)
      return this.#announced('save', null, modelOf(path, entry))
    })
  }

  /** Puts a file there as a stream: only where there is none, unless `overwrite` says that a person wants that. */
  async upload(localPath: string, body: Blob, { overwrite, ...options }: UploadChoice): Promise<Contents.IModel> {
    const path = cleaned(localPath)
    const condition = overwrite ? { ifMatch: (await this.#files.stat(path)).etag } : { ifNoneMatch: '*' }
    const entry = await this.#files.upload(path, body, { ...condition, ...options })
    this.#versions.forget(path)
    return this.#announced('save', null, modelOf(path, entry))
  }

  /** Makes a folder where there is none yet. */
  async provideFolder(localPath: string): Promise<void> {
    const path = cleaned(localPath)
    try {
      this.#announced('new', null, modelOf(path, await this.#files.createFolder(path)))
    } catch (failure) {
      if (!isTaken(failure) || (await this.#files.stat(path)).type !== 'folder') throw failure
    }
  }

  /** Tells what a job did: an entry has another path, came, or went. */
  announce({ from, to }: { from?: string; to?: string }): void {
    if (from !== undefined) this.#versions.forget(from)
    const oldValue = from === undefined ? null : { path: from }
    const newValue = to === undefined ? null : { path: to, name: nameOf(to) }
    const type = from === undefined ? 'new' : to === undefined ? 'delete' : 'rename'
    this.#fileChanged.emit({ type, oldValue, newValue })
  }

  rename(oldLocalPath: string, newLocalPath: string): Promise<Contents.IModel> {
    const [from, to] = [cleaned(oldLocalPath), withoutDrive(this.name, newLocalPath)]
    return this.#told(async () => {
      if (from === to) return this.#metadata(to)
      const entry = await this.#files.rename(from, to)
      this.#versions.forget(from)
      this.#versions.saw(to, entry.etag)
      return this.#announced('rename', { path: from }, modelOf(to, entry))
    })
  }

  delete(localPath: string): Promise<void> {
    const path = cleaned(localPath)
    return this.#told(async () => {
      await this.#files.remove(path)
      this.#versions.forget(path)
      this.#fileChanged.emit({ type: 'delete', oldValue: { path }, newValue: null })
    })
  }

  copy(localPath: string, toLocalDir: string): Promise<Contents.IModel> {
    return this.#told(async () => {
      const path = inside(toLocalDir, await this.#ports.copy(cleaned(localPath), cleaned(toLocalDir)))
      return modelOf(path, await this.#files.stat(path))
    })
  }

  /** Nothing is kept of a file but the file itself. */
  async createCheckpoint(): Promise<Contents.ICheckpointModel> {
    return { id: 'none', last_modified: new Date(0).toISOString() }
  }

  async listCheckpoints(): Promise<Contents.ICheckpointModel[]> {
    return []
  }

  async restoreCheckpoint(): Promise<void> {
    throw this.#ports.errorOf(new Problem(404, 'No checkpoint', { detail: 'There are no checkpoints in the domains.' }))
  }

  async deleteCheckpoint(): Promise<void> {}

  async #metadata(path: string): Promise<Contents.IModel> {
    if (path === '') return modelOf('', rootEntry())
    const entry = this.#versions.takeWritten(path) ?? (await this.#files.stat(path))
    this.#versions.saw(path, entry.etag)
    return modelOf(path, entry)
  }

  async #withContent(path: string, options: Contents.IFetchOptions): Promise<Contents.IModel> {
    if (this.#folders.has(path)) return this.#folder(path, rootEntry())
    const entry = await this.#files.stat(path)
    if (entry.type === 'folder') return this.#folder(path, entry)
    if (entry.size > mostOpenedBytes)
      throw new Problem(413, 'Too large', { detail: `${entry.name} is too large to be opened. Download it instead.` })
    const { bytes, etag } = await this.#files.read(path)
    this.#versions.saw(path, etag)
    return { ...modelOf(path, { ...entry, etag }), ...contentOf(bytes, entry.name, options) }
  }

  async #folder(path: string, entry: Entry): Promise<Contents.IModel> {
    try {
      const isShown = path === this.view.path
      const view = isShown ? this.view : firstView(path)
      const { entries, isAll } = await this.#files.list(view)
      for (const { type, name } of entries) if (type === 'folder') this.#folders.add(inside(path, name))
      if (view.filter === '') this.#large[isAll ? 'delete' : 'add'](path)
      if (isShown) this.#isPartial = !isAll
      return folderModel(path, { ...entry, name: nameOf(path) }, entries)
    } catch (failure) {
      if (path !== '') this.#folders.delete(path)
      // JupyterLab goes to the root when a folder is gone; a root that is gone would keep it going for ever.
      if (path === '' && failure instanceof Problem && failure.status === 404) throw new Problem(503, failure.title, failure)
      throw failure
    }
  }

  #create(path: string, type: string, content: string): Promise<Entry> {
    if (type === 'directory') return this.#files.createFolder(path)
    return this.#files.write(path, new TextEncoder().encode(content), { ifNoneMatch: '*' })
  }

  /** Writes over the state that was seen, and over no other. */
  async #overwrite(path: string, body: Uint8Array<ArrayBuffer>): Promise<Entry> {
    const condition = this.#versions.condition(path) ?? (await conditionNow(this.#files, path))
    const entry = await this.#files.write(path, body, condition).catch((failure: unknown) => {
      throw failure instanceof Problem && failure.status === 412 ? changedMeanwhile(path) : failure
    })
    this.#versions.wrote(path, entry)
    return entry
  }

  #announced(
    type: 'new' | 'save' | 'rename',
    oldValue: Partial<Contents.IModel> | null,
    model: Contents.IModel,
  ): Contents.IModel {
    this.#fileChanged.emit({ type, oldValue, newValue: model })
    return model
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (failure) {
      throw this.#ports.errorOf(
        failure instanceof Unreadable ? new Problem(400, 'Unreadable', { detail: failure.message }) : failure,
      )
    }
  }
}
