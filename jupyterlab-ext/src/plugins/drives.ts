import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application'
import { IDocumentManager } from '@jupyterlab/docmanager'
import { IFileBrowserFactory } from '@jupyterlab/filebrowser'
import { IStateDB } from '@jupyterlab/statedb'
import { type DomainName, watchFolders } from '@karvdash/common'
import { Actions } from '../browser/actions.ts'
import { DomainBrowser } from '../browser/browser.ts'
import { DomainBrowserModel, mayReplace } from '../browser/model.ts'
import { domains } from '../domains.ts'
import { DomainDrive } from '../drive/drive.ts'
import { createFiles } from '../drive/files.ts'
import { FolderWatcher } from '../drive/watcher.ts'
import { archiveUrl, downloadUrl, errorOf, sentenceOf } from '../jupyter.ts'
import { commandIds, IKarvdash } from '../tokens.ts'
import { createJobs } from '../transfers/jobs.ts'
import { openNotice } from '../transfers/notice.ts'
import { Transfers } from '../transfers/transfers.ts'
import { Uploads } from '../transfers/uploads.ts'

/** A folder that is shown is listed again this often while nobody tells us what changes in it. */
const refreshIntervalMs = 15_000

/** The domains as drives, each with a file browser in the left sidebar. */
export const drives: JupyterFrontEndPlugin<void> = {
  id: '@karvdash/jupyterlab:drives',
  description: 'The domains of Karvdash in the file browser.',
  autoStart: true,
  requires: [IKarvdash, IDocumentManager, IFileBrowserFactory],
  optional: [IStateDB, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    karvdash: IKarvdash,
    manager: IDocumentManager,
    factory: IFileBrowserFactory,
    state: IStateDB | null,
    restorer: ILayoutRestorer | null,
  ) => {
    const { contents } = app.serviceManager
    // At once, before anything is restored: a path of a drive that is not there would go to Jupyter's own files.
    const parts = createParts(karvdash, contents)
    for (const drive of parts.drives.values()) contents.addDrive(drive)
    for (const [index, { name }] of domains.entries()) {
      const browser = createBrowser({ app, karvdash, manager, state, parts, name })
      if (!browser) continue
      void factory.tracker.add(browser)
      app.shell.add(browser, 'left', { rank: 101 + index })
      restorer?.add(browser, browser.id)
    }
    addFolderItems(app, factory)
    // A page that is left takes the files along that it is sending.
    window.addEventListener('beforeunload', (event) => {
      if (parts.uploads.isBusy) event.preventDefault()
    })
  },
}

/** What the file browsers share. */
interface Parts {
  drives: Map<DomainName, DomainDrive>
  uploads: Uploads
  actions: Actions
}

function createParts({ jupyter }: IKarvdash, contents: JupyterFrontEnd['serviceManager']['contents']): Parts {
  const { client, settings } = jupyter
  const drives = new Map<DomainName, DomainDrive>()
  const transfers = new Transfers({
    jobs: createJobs(client),
    open: openNotice,
    sentenceOf,
    mayReplace,
    announce: (domain, change) => drives.get(domain)?.announce(change),
  })
  for (const { name } of domains)
    drives.set(
      name,
      new DomainDrive({
        name,
        files: createFiles(client, name),
        serverSettings: settings,
        downloadUrl: (path) => downloadUrl(settings, name, path),
        copy: (path, toFolder) => transfers.copyOne({ domain: name, path }, { domain: name, path: toFolder }),
        errorOf,
      }),
    )
  const uploads = new Uploads({ open: openNotice, sentenceOf })
  const actions = new Actions({
    contents,
    transfers,
    uploads,
    drives,
    archiveUrl: (domain, paths) => archiveUrl(settings, domain, paths),
  })
  return { drives, uploads, actions }
}

interface BrowserParts {
  app: JupyterFrontEnd
  karvdash: IKarvdash
  manager: IDocumentManager
  state: IStateDB | null
  parts: Parts
  name: DomainName
}

function createBrowser({ app, karvdash, manager, state, parts, name }: BrowserParts): DomainBrowser | undefined {
  const look = domains.find((one) => one.name === name)
  const drive = parts.drives.get(name)
  if (!look || !drive) return undefined
  const { session, jupyter } = karvdash
  const watcher = new FolderWatcher((paths, ears) => watchFolders(jupyter.client, { domain: name, paths, ...ears }))
  const follow = () => watcher.allow(session.status.state === 'ready')
  session.changed.connect(follow)
  follow()
  const isLeftAlone = () => !browser?.isVisible || session.status.state !== 'ready' || watcher.isLive
  const model: DomainBrowserModel = new DomainBrowserModel({
    drive,
    watcher,
    uploads: parts.uploads,
    manager,
    refreshInterval: refreshIntervalMs,
    refreshStandby: () => isLeftAlone() || 'when-hidden',
    ...(state && { state }),
  })
  const { commands } = app
  const browser: DomainBrowser = new DomainBrowser(
    {
      look,
      model,
      session,
      actions: parts.actions,
      signIn: () => void commands.execute(commandIds.signIn),
      create: (cwd) => void commands.execute('launcher:create', { cwd }),
    },
    { id: `karvdash-${name}`, model, ...(state && { state }) },
  )
  return browser
}

/** JupyterLab neither downloads nor duplicates folders; in a domain both go well. */
function addFolderItems({ commands, contextMenu }: JupyterFrontEnd, { tracker }: IFileBrowserFactory): void {
  const ours = () => (tracker.currentWidget instanceof DomainBrowser ? tracker.currentWidget : undefined)
  commands.addCommand(commandIds.archive, {
    label: 'Download as an Archive',
    isEnabled: () => ours() !== undefined,
    execute: () => ours()?.downloadArchive(),
  })
  const rows = '.jp-Karvdash-browser .jp-DirListing-item'
  contextMenu.addItem({ command: commandIds.archive, selector: `${rows}[data-isdir]`, rank: 9.5 })
  contextMenu.addItem({ command: 'filebrowser:duplicate', selector: `${rows}[data-isdir="true"]`, rank: 9 })
}
