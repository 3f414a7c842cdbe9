import { mayDo, type Service, type ServiceAct } from '@karvdash/common'
import { type QuickPickItem, window } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import type { ServiceStore } from './service-store.ts'

/** Where services are looked for. */
export interface ServicePorts {
  connection: Connection
  store: ServiceStore
}

const questions: Record<ServiceAct, [which: string, none: string]> = {
  open: ['Open which service', 'No service runs that can be opened.'],
  'copy-address': ['Copy the address of which service', 'No service has an address.'],
  stop: ['Stop which service', 'There is no service to stop.'],
  resume: ['Resume which service', 'No service is stopped.'],
  restart: ['Restart which service', 'There is no service to restart.'],
  keep: ['Keep which service running', 'No service is about to be stopped.'],
  update: ['Update which service', 'There is no service to update.'],
  logs: ['Show the logs of which service', 'There is no service.'],
  terminal: ['Open a terminal in which service', 'No service runs.'],
  delete: ['Delete which service', 'There is no service to delete.'],
}

/** The service that was clicked, as it is now; who clicked on none is asked. Undefined: none was chosen. */
export async function chooseService(
  { connection, store }: ServicePorts,
  act: ServiceAct,
  clicked?: Service,
): Promise<Service | undefined> {
  if (clicked) return store.services().find(({ name }) => name === clicked.name) ?? clicked
  await connection.ready()
  const [which, none] = questions[act]
  const wanted = store.services().filter((service) => mayDo(act, service))
  if (wanted.length === 0) void window.showInformationMessage(none)
  const items = wanted.map((service): QuickPickItem & { service: Service } => ({
    label: service.name,
    description: service.reason,
    service,
  }))
  return wanted.length === 0 ? undefined : (await window.showQuickPick(items, { placeHolder: which }))?.service
}
