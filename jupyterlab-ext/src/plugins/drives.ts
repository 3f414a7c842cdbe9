import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application'
import { IDocumentManager } from '@jupyterlab/docmanager'
import { IFileBrowserFactory } from '@jupyterlab/filebrowser'
import { IStateDB } from '@jupyterlab/statedb'
import { DomainBrowser } from '../browser/browser.ts'
import { DomainBrowserModel } from '../browser/model.ts'
import { domains } from '../domains.ts'
import { DomainDrive } from '../drive/drive.ts'
import { createFiles } from '../drive/files.ts'
import { downloadUrl, errorOf } from '../jupyter.ts'
import { commandIds, IKarvdash } from '../tokens.ts'

/** Nobody tells us what changes in a domain, so a folder that is shown is listed again this often. */
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
    const { commands, serviceManager, shell } = app
    const { client, settings } = karvdash.jupyter
    for (const [index, look] of domains.entries()) {
      const { name } = look
      // At once, before anything is restored: a path of a drive that is not there would go to Jupyter's own files.
      const drive = new DomainDrive({
        name,
        files: createFiles(client, name),
        serverSettings: settings,
        downloadUrl: (path) => downloadUrl(settings, name, path),
        errorOf,
      })
      serviceManager.contents.addDrive(drive)
      const model: DomainBrowserModel = new DomainBrowserModel({
        drive,
        manager,
        refreshInterval: refreshIntervalMs,
        refreshStandby: () => !browser?.isVisible || karvdash.session.status.state !== 'ready' || 'when-hidden',
        ...(state && { state }),
      })
      const browser: DomainBrowser = new DomainBrowser(
        {
          look,
          model,
          session: karvdash.session,
          signIn: () => void commands.execute(commandIds.signIn),
          create: (cwd) => void commands.execute('launcher:create', { cwd }),
        },
        { id: `karvdash-${name}`, model, ...(state && { state }) },
      )
      void factory.tracker.add(browser)
      shell.add(browser, 'left', { rank: 101 + index })
      restorer?.add(browser, browser.id)
    }
  },
}
