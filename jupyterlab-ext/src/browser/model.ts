import { Dialog, showDialog } from '@jupyterlab/apputils'
import { FilterFileBrowserModel } from '@jupyterlab/filebrowser'
import type { Contents } from '@jupyterlab/services'
import type { DomainDrive } from '../drive/drive.ts'
import { isTaken } from '../drive/files.ts'
import { cleaned, folderOf, inside } from '../drive/paths.ts'
import { firstView, mostRows, pageRows, partialText, type View } from '../drive/view.ts'
import type { FolderWatcher } from '../drive/watcher.ts'
import { Declined, type Sending, type Uploads } from '../transfers/uploads.ts'
import { again } from './again.ts'

/** What the model of a domain's file browser needs besides what JupyterLab's own does. */
export interface DomainBrowserOptions extends FilterFileBrowserModel.IOptions {
  drive: DomainDrive
  watcher: FolderWatcher
  uploads: Uploads
}

/** The model of a domain's file browser: what changes is shown when it does, a large folder in pages, and uploads are streams. */
export class DomainBrowserModel extends FilterFileBrowserModel {
  readonly #drive: DomainDrive
  readonly #watcher: FolderWatcher
  readonly #uploads: Uploads
  readonly #list = again(() => this.cd('.'))
  #isShown = false

  constructor({ drive, watcher, uploads, ...options }: DomainBrowserOptions) {
    super({ ...options, driveName: drive.name })
    this.#drive = drive
    this.#watcher = watcher
    this.#uploads = uploads
    this.pathChanged.connect(() => this.#watch())
  }

  /** The folder that is shown, as a path of the domain. */
  get folder(): string {
    return cleaned(this.manager.services.contents.localPath(this.path))
  }

  /** What to tell of a folder of which not all is shown; '' where all is. */
  get partialText(): string {
    return this.#drive.isPartial ? partialText(this.#drive.view) : ''
  }

  get canShowMore(): boolean {
    return this.#drive.isPartial && this.#drive.view.most < mostRows
  }

  showMore(): void {
    this.#see({ most: Math.min(mostRows, this.#drive.view.most + pageRows) })
  }

  /** What was written into the filter's box; the list itself asks for what it then shows. */
  set filterText(text: string) {
    const { view, isLarge } = this.#drive
    this.#drive.view = { ...view, filter: isLarge ? text.trim() : '' }
  }

  /** Of a folder of which not all is shown, the first entries have to be the first in this order. */
  sortBy(key: string, direction: View['direction']): void {
    const sort = key === 'file_size' ? 'size' : key === 'last_modified' ? 'modified' : 'name'
    const { view, isLarge } = this.#drive
    if (view.sort === sort && view.direction === direction) return
    this.#drive.view = { ...view, sort, direction }
    if (isLarge) void this.refresh()
  }

  /** Somebody sees this list, or nobody does any more: nothing is watched that is not seen. */
  setShown(isShown: boolean): void {
    this.#isShown = isShown
    this.#watch()
  }

  override cd(path = '.'): Promise<void> {
    const { contents } = this.manager.services
    const target = cleaned(contents.localPath(path === '.' ? this.path : contents.resolvePath(this.path, path)))
    const { sort, direction, ...seen } = this.#drive.view
    const hidden = this.includeHiddenFiles
    const view = seen.path === target ? { ...seen, hidden } : { ...firstView(target), hidden }
    this.#drive.view = { ...view, sort, direction }
    return super.cd(path)
  }

  /** Not by the poll, which does nothing while changes are told. */
  override refresh(): Promise<void> {
    return this.#list()
  }

  /** What the server has filtered is not filtered again: it knows patterns too. */
  override setFilter(filter: Parameters<FilterFileBrowserModel['setFilter']>[0]): void {
    super.setFilter((value) => (this.#drive.view.filter === '' ? filter(value) : {}))
  }

  /** JupyterLab would send pieces of base64 in JSON, one after the other; here the file goes as it is. */
  override async upload(file: File, path?: string): Promise<Contents.IModel> {
    const model = await this.send(file, path === undefined ? this.folder : this.manager.services.contents.localPath(path))
    return { ...model, path: `${this.driveName}:${model.path}` }
  }

  /** Uploads a file into a folder of the domain. What fails is told in the notification too. */
  send(file: File, folder: string): Promise<Contents.IModel> {
    const target = inside(folder, file.name)
    return this.#uploads.run({
      name: file.name,
      size: file.size,
      send: (ears) => this.#replacing(file, target, ears),
    })
  }

  /** JupyterLab compares paths here so that only the root of a drive is ever refreshed. */
  protected override onFileChanged(sender: Contents.IManager, change: Contents.IChangedArgs): void {
    super.onFileChanged(sender, change)
    const isHere = (path: string | undefined) =>
      path !== undefined && sender.driveName(path) === this.driveName && folderOf(sender.localPath(path)) === this.folder
    if (isHere(change.oldValue?.path) || isHere(change.newValue?.path)) void this.refresh()
  }

  #see(change: Partial<View>): void {
    this.#drive.view = { ...this.#drive.view, ...change }
    void this.refresh()
  }

  #watch(): void {
    this.#watcher.show(this, this.#isShown ? { path: this.folder, changed: () => void this.refresh() } : undefined)
  }

  async #replacing(file: File, target: string, ears: Parameters<Sending<unknown>['send']>[0]): Promise<Contents.IModel> {
    try {
      return await this.#drive.upload(target, file, { overwrite: false, ...ears })
    } catch (failure) {
      if (!isTaken(failure)) throw failure
      if (!(await mayReplace([file.name]))) throw new Declined('It was not to be replaced.')
      return this.#drive.upload(target, file, { overwrite: true, ...ears })
    }
  }
}

/** Asks whether what has these names may be replaced. */
export async function mayReplace(names: string[]): Promise<boolean> {
  const what = names.length === 1 ? names[0] : 'entries of the same names'
  const { button } = await showDialog({
    title: `Replace ${what}?`,
    body:
      names.length === 1
        ? 'There is an entry of this name already. What is in it is lost.'
        : `Some of these ${names.length} names are taken there already. What is in those entries is lost.`,
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Replace' })],
  })
  return button.accept
}
