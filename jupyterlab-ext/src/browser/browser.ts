import { Dialog, showDialog, showErrorMessage } from '@jupyterlab/apputils'
import { FileBrowser, Uploader } from '@jupyterlab/filebrowser'
import { addIcon, newFolderIcon, refreshIcon, ToolbarButton } from '@jupyterlab/ui-components'
import { Widget } from '@lumino/widgets'
import type { DomainLook } from '../domains.ts'
import { mostShown } from '../drive/files.ts'
import { domainIcons } from '../icons.ts'
import { element, setText } from '../panel/element.ts'
import type { Session } from '../session.ts'
import { noticeOf } from '../status.ts'
import type { DomainBrowserModel } from './model.ts'

/** What a domain's file browser needs. */
export interface BrowserPorts {
  look: DomainLook
  model: DomainBrowserModel
  session: Session
  signIn: () => void
  /** Opens the launcher for a folder. */
  create: (path: string) => void
}

/** A domain in JupyterLab's own file browser. */
export class DomainBrowser extends FileBrowser {
  readonly #ports: BrowserPorts
  readonly #text = element('p', { role: 'status' })
  readonly #action = element('button', { type: 'button', class: 'jp-mod-styled jp-mod-accept' })
  readonly #banner: Widget

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
    this.#banner = new Widget({ node: element('div', { class: 'jp-Karvdash-banner' }, this.#text, this.#action) })
    this.#banner.addClass('jp-Karvdash')
    this.#action.addEventListener('click', () => this.#act())
    this.mainPanel.insertWidget(0, new Widget({ node: element('h2', { class: 'jp-Karvdash-domain' }, look.label) }))
    this.mainPanel.insertWidget(1, this.#banner)
    this.#fillToolbar()
    session.changed.connect((_, { state }) => {
      this.#show()
      if (state === 'ready') void model.refresh()
    })
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

  #fillToolbar(): void {
    const { model, create } = this.#ports
    const items: [string, Widget][] = [
      ['new', new ToolbarButton({ icon: addIcon, tooltip: 'New Launcher', onClick: () => create(model.path) })],
      [
        'folder',
        new ToolbarButton({ icon: newFolderIcon, tooltip: 'New Folder', onClick: () => void this.createNewDirectory() }),
      ],
      ['upload', new Uploader({ model, label: '' })],
      ['refresh', new ToolbarButton({ icon: refreshIcon, tooltip: 'Refresh', onClick: () => void model.refresh() })],
    ]
    for (const [name, item] of items) this.toolbar.addItem(name, item)
  }

  /** One calm line instead of an error for each thing that fails. */
  #show(): void {
    const notice = noticeOf(this.#ports.session.status)
    const partial = this.#ports.model.isPartial ? `Only the first ${mostShown} entries of this folder are shown.` : ''
    setText(this.#text, notice?.text ?? partial)
    setText(this.#action, notice?.action === 'sign-in' ? 'Sign in' : 'Try again')
    this.#action.hidden = notice === undefined
    this.#banner.setHidden(notice === undefined && partial === '')
  }

  #act(): void {
    const { session, signIn } = this.#ports
    if (noticeOf(session.status)?.action === 'sign-in') signIn()
    else void session.refresh()
  }
}
