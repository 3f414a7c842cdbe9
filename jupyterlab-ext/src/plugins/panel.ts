import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application'
import { ICommandPalette, Notification } from '@jupyterlab/apputils'
import { IEditorServices } from '@jupyterlab/codeeditor'
import { IFileBrowserFactory } from '@jupyterlab/filebrowser'
import { ISettingRegistry } from '@jupyterlab/settingregistry'
import { ITerminalTracker } from '@jupyterlab/terminal'
import { contract, type SavedLaunch } from '@karvdash/common'
import { domains } from '../domains.ts'
import { karvdashIcon } from '../icons.ts'
import { ImageStore } from '../images/store.ts'
import { KarvdashPanel } from '../panel/panel.ts'
import { createServiceActs, type ServiceActs, told } from '../services/acts.ts'
import { followIdle } from '../services/idle-notices.ts'
import type { Session } from '../session.ts'
import { TemplateStore } from '../templates/store.ts'
import { commandIds, IKarvdash } from '../tokens.ts'
import { createDocuments, type Documents } from './documents.ts'
import { createImageActions } from './images.ts'
import { addServiceCommands, type Doings, serviceCommands } from './service-commands.ts'
import { addTemplateCommands } from './template-commands.ts'

/** The sidebar, and every one of its actions as a command. */
export const panel: JupyterFrontEndPlugin<void> = {
  id: '@karvdash/jupyterlab:panel',
  description: 'The services of Karvdash in a sidebar, and commands for them.',
  autoStart: true,
  requires: [IKarvdash],
  optional: [ICommandPalette, ILayoutRestorer, IEditorServices, ITerminalTracker, ISettingRegistry, IFileBrowserFactory],
  activate: (
    app: JupyterFrontEnd,
    karvdash: IKarvdash,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    editors: IEditorServices | null,
    tracker: ITerminalTracker | null,
    settings: ISettingRegistry | null,
    browsers: IFileBrowserFactory | null,
  ) => {
    const { jupyter, session, services } = karvdash
    const { client } = jupyter
    const templates = new TemplateStore(client)
    const acts = createServiceActs(jupyter)
    followIdle(services, acts.keep)
    const documents = createDocuments({ shell: app.shell, karvdash, templates, editors, tracker, settings })
    const pointedAt = () => app.contextMenuHitTest((node) => node.dataset['service'] !== undefined)?.dataset['service']
    const offered = serviceCommands(doingsOf(acts, documents))
    const showMenu = addServiceCommands(app, karvdash, { offered, palette, pointedAt })
    const writing = { client, session, templates, documents, palette, mayWrite: editors !== null }
    const showTemplateMenu = addTemplateCommands(app, writing)
    const forget = (launch: SavedLaunch) =>
      void told(async () => {
        await client.call(contract.deleteLaunch, { params: { launch: launch.name } })
        await templates.refresh()
      })
    const images = new ImageStore(client)
    const launch = documents.launchFilled
    const imageActions = createImageActions({ app, karvdash, palette, browsers, images, templates, launch })
    const widget = new KarvdashPanel({
      session,
      services,
      templates,
      images,
      imageActions,
      rows: { ...acts, showMenu },
      catalogue: { ...documents, forget, showTemplateMenu, mayWrite: editors !== null },
      signOut: () => void told(() => signOut(session)),
    })
    widget.id = 'karvdash'
    widget.title.icon = karvdashIcon
    widget.title.caption = 'Karvdash: services'
    app.shell.add(widget, 'left', { rank: 104 })
    restorer?.add(widget, widget.id)
    addCommands(app, session, {
      show: () => app.shell.activateById(widget.id),
      focusSignIn: () => widget.focusSignIn(),
    })
    for (const command of [commandIds.show, commandIds.signIn, commandIds.signOut, commandIds.retry])
      palette?.addItem({ command, category: 'Karvdash' })
    for (const { name } of domains)
      palette?.addItem({ command: commandIds.openDomain, category: 'Karvdash', args: { domain: name } })
  },
}

function doingsOf(acts: ServiceActs, documents: Documents): Doings {
  return {
    open: acts.open,
    'copy-address': acts.copyAddress,
    logs: documents.logs,
    terminal: documents.terminal,
    update: documents.update,
    stop: acts.stop,
    resume: acts.resume,
    restart: acts.restart,
    keep: acts.keep,
    delete: acts.remove,
  }
}

async function signOut(session: Session): Promise<void> {
  if (await session.signOut()) return
  const sentence =
    'You are signed out here. The server could not be told: disconnect this JupyterLab in the dashboard, under Account.'
  Notification.info(sentence, { autoClose: 10_000 })
}

function addCommands(
  { commands, shell }: JupyterFrontEnd,
  session: Session,
  { show, focusSignIn }: { show: () => void; focusSignIn: () => void },
): void {
  commands.addCommand(commandIds.show, { label: 'Show Services', execute: show })
  commands.addCommand(commandIds.retry, { label: 'Connect Again', execute: () => session.refresh() })
  commands.addCommand(commandIds.signIn, {
    label: 'Sign In',
    isEnabled: () => ['signed-out', 'refused'].includes(session.status.state),
    execute() {
      show()
      focusSignIn()
    },
  })
  commands.addCommand(commandIds.signOut, {
    label: 'Sign Out',
    isEnabled: () => session.status.kind === 'token',
    execute: () => told(() => signOut(session)),
  })
  commands.addCommand(commandIds.openDomain, {
    label: ({ domain }) => `Open Folder /${domain}`,
    execute: ({ domain }) => shell.activateById(`karvdash-${domain}`),
  })
  session.changed.connect(() => commands.notifyCommandChanged())
}
