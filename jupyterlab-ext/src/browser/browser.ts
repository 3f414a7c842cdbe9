import { Dialog, showDialog, showErrorMessage } from '@jupyterlab/apputils'
import { type DirListing, FileBrowser } from '@jupyterlab/filebrowser'
import { addIcon, filterIcon, newFolderIcon, refreshIcon, ToolbarButton } from '@jupyterlab/ui-components'
import type { Message } from '@lumino/messaging'
import { Widget } from '@lumino/widgets'
import type { DomainLook } from '../domains.ts'
import { domainIcons } from '../icons.ts'
import { button, element, setText } from '../panel/element.ts'
import type { Session } from '../session.ts'
import { noticeOf } from '../status.ts'
import type { Actions } from './actions.ts'
import { DomainListing } from './listing.ts'
import type { DomainBrowserModel } from './model.ts'
import { uploadButton } from './upload-button.ts'

/** What a domain's file browser needs. */
export interface BrowserPorts {
  look: DomainLook
  model: DomainBrowserModel
  session: Session
  actions: Actions
  signIn: () => void
  /** Opens the launcher for a folder. */
  create: (path: string) => void
}

/** A domain in JupyterLab's own file browser. */
export class DomainBrowser extends FileBrowser {
  readonly #ports: BrowserPorts
  readonly #text = element('p', { role: 'status' })
  readonly #action = element('button', { type: 'button', class: 'jp-mod-styled jp-mod-accept' })
  readonly #more = button('Show more', {}, () => this.#ports.model.showMore())
  readonly #filter = button('Filter', {}, () => this.#toggleFilter(true))
  readonly #banner: Widget
  readonly #look = () => this.#ports.model.setShown(this.isVisible && !document.hidden)

  constructor(ports: BrowserPorts, options: FileBrowser.IOptions) {
    super(options)
    this.#ports = ports
    const { look, model, session } = ports
    this.addClass('jp-Karvdash-browser')
    this.title.icon = domainIcons[look.name]
    this.title.caption = look.caption
    this.node.setAttribute('role', 'region')
    this.node.setAttribute('aria-label', look.caption)
    this.showFileCheckboxes = false
    this.#banner = new Widget({
      node: element('div', { class: 'jp-Karvdash-banner' }, this.#text, this.#action, this.#more, this.#filter),
    })
    this.#banner.addClass('jp-Karvdash')
    this.#action.addEventListener('click', () => this.#act())
    this.mainPanel.insertWidget(0, new Widget({ node: element('h2', { class: 'jp-Karvdash-domain' }, look.label) }))
    this.mainPanel.insertWidget(1, this.#banner)
    this.#fillToolbar()
    this.#handOver()
    session.changed.connect((_, { state }) => {
      this.#show()
      if (state === 'ready') void model.refresh()
    })
    document.addEventListener('visibilitychange', this.#look)
    model.refreshed.connect(() => this.#show())
    model.connectionFailure.connect((_, failure) => session.suspect(failure))
    this.#show()
  }

  /** JupyterLab may speak of a trash, which is the laptop's; a domain has none. */
  override async delete(): Promise<void> {
    const items = [...this.selectedItems()]
    const what = items.length === 1 ? items[0]?.name : `${items.length} entries`
    const { button } = await showDialog({
      title: `Delete ${what}?`,
      body: 'It is gone for good, with everything in it: there is no trash on the cluster.',
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Delete' })],
      defaultButton: 0,
    })
    if (!button.accept) return
    const { manager } = this.#ports.model
    const deleted = await Promise.allSettled(items.map(({ path }) => manager.deleteFile(path)))
    const failure = deleted.find((one) => one.status === 'rejected')
    if (failure) await showErrorMessage(`${what} could not be deleted`, failure.reason)
  }

  override dispose(): void {
    document.removeEventListener('visibilitychange', this.#look)
    super.dispose()
  }

  override copy(): void {
    super.copy()
    this.#ports.actions.keep('copy', this.#selected())
  }

  override cut(): void {
    super.cut()
    this.#ports.actions.keep('move', this.#selected())
  }

  override paste(): Promise<void> {
    return this.#ports.actions.paste(this.#ports.model)
  }

  override duplicate(): Promise<void> {
    return this.#ports.actions.put('copy', this.#selected(), this.#ports.model.path)
  }

  /** Files as they are; folders as one archive. */
  override async download(): Promise<void> {
    const folders = [...this.selectedItems()].filter(({ type }) => type === 'directory')
    await super.download()
    if (folders.length > 0) this.#ports.actions.archive(folders.map(({ path }) => path))
  }

  /** Everything that is selected as one archive. */
  downloadArchive(): void {
    this.#ports.actions.archive(this.#selected())
  }

  protected override createDirListing(options: DirListing.IOptions): DirListing {
    return new DomainListing(options)
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message)
    this.#look()
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message)
    this.#look()
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message)
    this.#look()
  }

  #selected(): string[] {
    return [...this.selectedItems()].map(({ path }) => path)
  }

  #handOver(): void {
    const { model, actions } = this.#ports
    // The model is told before JupyterLab asks it for what the box leaves.
    const told = (event: Event) => {
      // The box is a component, which learns only later what stands in its input.
      const [input] = event.composedPath()
      model.filterText = (input as HTMLInputElement).value
    }
    this.filterToolbar.node.addEventListener('input', told, { capture: true })
    if (!(this.listing instanceof DomainListing)) return
    this.listing.drops = {
      put: (kind, paths, folder) => void actions.put(kind, paths, folder ?? model.path),
      upload: (entries, folder) => void actions.uploadEntries(model, entries, folder),
      sort: ({ key, direction }) => model.sortBy(key, direction),
    }
  }

  #toggleFilter(isShown: boolean): void {
    this.showFileFilter = isShown
    if (!isShown) this.#ports.model.filterText = ''
  }

  #fillToolbar(): void {
    const { model, create, actions } = this.#ports
    const newFolder = () => void this.createNewDirectory()
    const filter = () => this.#toggleFilter(!this.showFileFilter)
    const items: [string, Widget][] = [
      ['new', new ToolbarButton({ icon: addIcon, tooltip: 'New Launcher', onClick: () => create(model.path) })],
      ['folder', new ToolbarButton({ icon: newFolderIcon, tooltip: 'New Folder', onClick: newFolder })],
      ['upload', uploadButton((files) => void actions.uploadFiles(model, files))],
      ['refresh', new ToolbarButton({ icon: refreshIcon, tooltip: 'Refresh', onClick: () => void model.refresh() })],
      ['filter', new ToolbarButton({ icon: filterIcon, tooltip: 'Toggle File Filter', onClick: filter })],
    ]
    for (const [name, item] of items) this.toolbar.addItem(name, item)
  }

  /** One calm line instead of an error for each thing that fails. */
  #show(): void {
    const notice = noticeOf(this.#ports.session.status)
    const { partialText: partial, canShowMore } = this.#ports.model
    setText(this.#text, notice?.text ?? partial)
    setText(this.#action, notice?.action === 'sign-in' ? 'Sign in' : 'Try again')
    this.#action.hidden = notice === undefined
    this.#more.hidden = notice !== undefined || !canShowMore
    this.#filter.hidden = notice !== undefined || partial === ''
    this.#banner.setHidden(notice === undefined && partial === '')
  }

  #act(): void {
    const { session, signIn } = this.#ports
    if (noticeOf(session.status)?.action === 'sign-in') signIn()
    else void session.refresh()
  }
}
