import type { JupyterFrontEnd } from '@jupyterlab/application'
import { type ICommandPalette, InputDialog } from '@jupyterlab/apputils'
import { inOrder, mayDo, type Service, type ServiceAct } from '@karvdash/common'
import { Menu } from '@lumino/widgets'
import { commandIds, type IKarvdash } from '../tokens.ts'

/** A command for each thing that is done with a service. */
export interface ServiceCommand {
  id: string
  act: ServiceAct
  /** In the menu of a service, and in the palette, where no service is known yet. */
  labels: { menu: string; palette: string }
  execute: (service: Service) => unknown
}

export type Doings = Record<ServiceAct, (service: Service) => unknown>

/** In the order of the menu. */
export function serviceCommands(doings: Doings): ServiceCommand[] {
  const command = (act: ServiceAct, id: string, menu: string, palette: string): ServiceCommand => ({
    id,
    act,
    labels: { menu, palette },
    execute: doings[act],
  })
  return [
    command('open', commandIds.open, 'Open', 'Open Service'),
    command('copy-address', commandIds.copyAddress, 'Copy Address', 'Copy Address of Service'),
    command('logs', commandIds.logs, 'Show Logs', 'Show Logs of Service'),
    command('terminal', commandIds.terminal, 'Open Terminal', 'Open Terminal in Service'),
    command('update', commandIds.update, 'Update …', 'Update Service …'),
    command('stop', commandIds.stop, 'Stop', 'Stop Service'),
    command('resume', commandIds.resume, 'Resume', 'Resume Service'),
    command('restart', commandIds.restart, 'Restart', 'Restart Service'),
    command('keep', commandIds.keep, 'Keep Running', 'Keep Service Running'),
    command('delete', commandIds.remove, 'Delete', 'Delete Service'),
  ]
}

/** Adds them to the palette and to the menu of each row; gives what opens that menu for a service, below a button. */
export function addServiceCommands(
  { commands, contextMenu }: JupyterFrontEnd,
  { session, services }: Pick<IKarvdash, 'session' | 'services'>,
  {
    offered,
    palette,
    pointedAt,
  }: { offered: ServiceCommand[]; palette: ICommandPalette | null; pointedAt: () => string | undefined },
): (service: Service, below: DOMRect) => void {
  const named = (name: unknown) => (typeof name === 'string' ? services.states.services.get(name) : undefined)
  for (const [index, { id, act, labels, execute }] of offered.entries()) {
    const possible = () => inOrder(services.states).filter((service) => mayDo(act, service))
    const meant = (args: { service?: unknown; isPointedAt?: unknown }) => named(args.isPointedAt ? pointedAt() : args.service)
    const isInMenu = (args: { service?: unknown; isPointedAt?: unknown }) =>
      args.isPointedAt === true || args.service !== undefined
    const may = (service: Service | undefined) => service !== undefined && mayDo(act, service)
    commands.addCommand(id, {
      label: (args) => (isInMenu(args) ? labels.menu : labels.palette),
      isVisible: (args) => !isInMenu(args) || may(meant(args)),
      isEnabled: (args) => session.status.state === 'ready' && (isInMenu(args) ? may(meant(args)) : possible().length > 0),
      describedBy: {
        args: { type: 'object', properties: { service: { type: 'string', description: 'The name of the service.' } } },
      },
      async execute(args) {
        const service = isInMenu(args) ? meant(args) : await choose(labels.palette, possible())
        return service && may(service) ? execute(service) : undefined
      },
    })
    palette?.addItem({ command: id, category: 'Karvdash' })
    contextMenu.addItem({ command: id, selector: '.jp-Karvdash-service', args: { isPointedAt: true }, rank: index })
  }
  const menu = new Menu({ commands })
  return ({ name }, { left, bottom }) => {
    menu.clearItems()
    for (const { id } of offered) menu.addItem({ command: id, args: { service: name } })
    menu.open(left, bottom)
  }
}

async function choose(label: string, offered: Service[]): Promise<Service | undefined> {
  const { value } = await InputDialog.getItem({
    title: `${label.replace(/ …$/, '')}: which one?`,
    items: offered.map(({ name }) => name),
  })
  return offered.find(({ name }) => name === value)
}
