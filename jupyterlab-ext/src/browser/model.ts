import { Dialog, Notification, showDialog } from '@jupyterlab/apputils'
import { FilterFileBrowserModel } from '@jupyterlab/filebrowser'
import type { Contents } from '@jupyterlab/services'
import type { DomainDrive } from '../drive/drive.ts'
import { isTaken } from '../drive/files.ts'
import { cleaned, folderOf, inside } from '../drive/paths.ts'
import { sentenceOf } from '../jupyter.ts'
import { createQueue } from './queue.ts'

/** Two at once keep the line busy; a hundred would only share it. */
const uploads = createQueue(2)

/** The model of a domain's file browser: uploads are streams, and what changes is shown in every folder. */
export class DomainBrowserModel extends FilterFileBrowserModel {
  readonly #drive: DomainDrive

  constructor({ drive, ...options }: FilterFileBrowserModel.IOptions & { drive: DomainDrive }) {
    super({ ...options, driveName: drive.name })
    this.#drive = drive
  }

  /** Whether the folder has more entries than are shown. */
  get isPartial(): boolean {
    return this.#drive.isPartial(this.manager.services.contents.localPath(this.path))
  }

  /** JupyterLab would send pieces of base64 in JSON, one after the other; here the file goes as it is. */
  override async upload(file: File, path?: string): Promise<Contents.IModel> {
    const { contents } = this.manager.services
    const target = inside(contents.localPath(path ?? this.path), file.name)
    const model = await uploads(() => this.#send(file, target))
    return { ...model, path: `${this.driveName}:${model.path}` }
  }

  /** JupyterLab compares paths here so that only the root of a drive is ever refreshed. */
  protected override onFileChanged(sender: Contents.IManager, change: Contents.IChangedArgs): void {
    super.onFileChanged(sender, change)
    const here = cleaned(sender.localPath(this.path))
    const isHere = (path: string | undefined) =>
      path !== undefined && sender.driveName(path) === this.driveName && folderOf(sender.localPath(path)) === here
    if (isHere(change.oldValue?.path) || isHere(change.newValue?.path)) void this.refresh()
  }

  async #send(file: File, target: string): Promise<Contents.IModel> {
    const controller = new AbortController()
    const actions = [{ label: 'Cancel', callback: () => controller.abort() }]
    const id = Notification.emit(`Uploading ${file.name}`, 'in-progress', { autoClose: false, actions })
    try {
      const model = await this.#replacing(file, target, controller.signal)
      Notification.update({ id, message: `${file.name} is uploaded.`, type: 'success', autoClose: 3000, actions: [] })
      return model
    } catch (failure) {
      const message = controller.signal.aborted
        ? `${file.name} was not uploaded.`
        : `${file.name} was not uploaded. ${sentenceOf(failure)}`
      Notification.update({ id, message, type: controller.signal.aborted ? 'info' : 'error', autoClose: 10_000, actions: [] })
      throw failure
    }
  }

  async #replacing(file: File, target: string, signal: AbortSignal): Promise<Contents.IModel> {
    try {
      return await this.#drive.upload(target, file, { overwrite: false, signal })
    } catch (failure) {
      if (!isTaken(failure) || !(await mayReplace(file.name))) throw failure
      return this.#drive.upload(target, file, { overwrite: true, signal })
    }
  }
}

async function mayReplace(name: string): Promise<boolean> {
  const { button } = await showDialog({
    title: `Replace ${name}?`,
    body: 'There is a file of this name already. What is in it is lost.',
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Replace' })],
  })
  return button.accept
}
