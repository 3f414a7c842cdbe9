import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application'
import { Dialog, ICommandPalette, InputDialog, MainAreaWidget, Notification, showDialog } from '@jupyterlab/apputils'
import { contract, inOrder, type Service, serviceAddress, type TemplateDescription } from '@karvdash/common'
import { domains } from '../domains.ts'
import { karvdashIcon } from '../icons.ts'
import { sentenceOf } from '../jupyter.ts'
import { launchForm } from '../panel/launch-form.ts'
import { KarvdashPanel } from '../panel/panel.ts'
import type { Session } from '../session.ts'
import { commandIds, IKarvdash } from '../tokens.ts'

/** The sidebar, and every one of its actions as a command. */
export const panel: JupyterFrontEndPlugin<void> = {
  id: '@karvdash/jupyterlab:panel',
  description: 'The services of Karvdash in a sidebar, and commands for them.',
  autoStart: true,
  requires: [IKarvdash],
  optional: [ICommandPalette, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, karvdash: IKarvdash, palette: ICommandPalette | null, restorer: ILayoutRestorer | null) => {
    const actions = createActions(app, karvdash)
    const widget = new KarvdashPanel({ ...karvdash, ...actions })
    widget.id = 'karvdash'
    widget.title.icon = karvdashIcon
    widget.title.caption = 'Karvdash: services'
    app.shell.add(widget, 'left', { rank: 104 })
    restorer?.add(widget, widget.id)
    addCommands(app, karvdash, {
      ...actions,
      show: () => app.shell.activateById(widget.id),
      focusSignIn: () => widget.focusSignIn(),
    })
    for (const command of Object.values(commandIds).filter((id) => id !== commandIds.openDomain && id !== commandIds.archive))
      palette?.addItem({ command, category: 'Karvdash' })
    for (const { name } of domains)
      palette?.addItem({ command: commandIds.openDomain, category: 'Karvdash', args: { domain: name } })
  },
}

type Actions = ReturnType<typeof createActions>

function createActions({ shell }: JupyterFrontEnd, { jupyter, session, services }: IKarvdash) {
  const { client } = jupyter
  const told = (work: Promise<unknown>) =>
    work.catch((failure: unknown) => void Notification.error(sentenceOf(failure), { autoClose: 10_000 }))
  return {
    templates: async (): Promise<TemplateDescription[]> => (await client.call(contract.listTemplates)).items,
    signOut: () => void told(signOut(session)),
    open(service: Service): void {
      const address = serviceAddress(service)
      if (address) window.open(address, '_blank', 'noopener')
    },
    launch(template: TemplateDescription): void {
      const close = () => main.dispose()
      const content = launchForm(template, {
        client,
        user: session.status.account.name ?? '',
        onCancel: close,
        onLaunched(service) {
          if (!services.states.services.has(service.name)) services.tell({ type: 'service', service })
          close()
          shell.activateById('karvdash')
        },
      })
      const main = new MainAreaWidget({ content })
      main.title.label = `Launch ${template.name}`
      main.title.icon = karvdashIcon
      shell.add(main, 'main')
    },
    remove: (name: string) =>
      void told(askToDelete(name, () => client.call(contract.deleteService, { params: { service: name } }))),
  }
}

async function signOut(session: Session): Promise<void> {
  if (await session.signOut()) return
  const told =
    'You are signed out here. The server could not be told: disconnect this JupyterLab in the dashboard, under Account.'
  Notification.info(told, { autoClose: 10_000 })
}

async function askToDelete(name: string, remove: () => Promise<unknown>): Promise<void> {
  const { button } = await showDialog({
    title: `Delete ${name}?`,
    body: 'Everything of it is removed, its passwords and volumes too. Your files in /local, /remote and /shared stay.',
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Delete' })],
  })
  if (button.accept) await remove()
}

interface More {
  show: () => void
  focusSignIn: () => void
}

function addCommands({ commands, shell }: JupyterFrontEnd, { session, services }: IKarvdash, actions: Actions & More): void {
  const isReady = () => session.status.state === 'ready'
  const chosen = async (title: string, offered: Service[]): Promise<Service | undefined> => {
    const { value } = await InputDialog.getItem({ title, items: offered.map(({ name }) => name) })
    return offered.find(({ name }) => name === value)
  }
  const opened = () => inOrder(services.states).filter((service) => serviceAddress(service))
  commands.addCommand(commandIds.show, { label: 'Show Services', execute: actions.show })
  commands.addCommand(commandIds.retry, { label: 'Connect Again', execute: () => session.refresh() })
  commands.addCommand(commandIds.signIn, {
    label: 'Sign In',
    isEnabled: () => ['signed-out', 'refused'].includes(session.status.state),
    execute() {
      actions.show()
      actions.focusSignIn()
    },
  })
  commands.addCommand(commandIds.signOut, {
    label: 'Sign Out',
    isEnabled: () => session.status.kind === 'token',
    execute: actions.signOut,
  })
  commands.addCommand(commandIds.openDomain, {
    label: ({ domain }) => `Open Folder /${domain}`,
    execute: ({ domain }) => shell.activateById(`karvdash-${domain}`),
  })
  commands.addCommand(commandIds.launch, {
    label: 'Launch Service',
    isEnabled: isReady,
    async execute({ template: id }) {
      const templates = await actions.templates()
      const name =
        id ?? (await InputDialog.getItem({ title: 'Launch which template?', items: templates.map((one) => one.name) })).value
      const template = templates.find((one) => one.id === name || one.name === name)
      if (template) actions.launch(template)
    },
  })
  commands.addCommand(commandIds.open, {
    label: 'Open Service',
    isEnabled: () => isReady() && opened().length > 0,
    async execute() {
      const service = await chosen('Open which service?', opened())
      if (service) actions.open(service)
    },
  })
  commands.addCommand(commandIds.remove, {
    label: 'Delete Service',
    isEnabled: () => isReady() && services.states.services.size > 0,
    async execute() {
      const service = await chosen('Delete which service?', inOrder(services.states))
      if (service) actions.remove(service.name)
    },
  })
  session.changed.connect(() => commands.notifyCommandChanged())
}
