import { contract, Problem, type Service, safeLink, serviceAddress } from '@karvdash/common'
import { env, type QuickPickItem, Uri, window } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { launch } from './launch.ts'
import type { ServiceStore } from './service-store.ts'
import { isDeletable } from './service-view.ts'

const toldMs = 10_000

/** What people do with services. */
export interface ServiceCommands {
  launch(): Promise<void>
  open(service?: Service): Promise<void>
  remove(service?: Service): Promise<void>
}

/** Makes the commands; without a service they ask for one. */
export function createServiceCommands(connection: Connection, store: ServiceStore): ServiceCommands {
  async function open(given?: Service): Promise<void> {
    const service =
      given ??
      (await choose('Open which service', (one) => serviceAddress(one) !== undefined, 'No service runs that can be opened.'))
    const now = store.services().find(({ name }) => name === service?.name) ?? service
    const address = now && serviceAddress(now)
    if (address !== undefined) await env.openExternal(Uri.parse(address, true))
  }
  async function choose(prompt: string, isWanted: (service: Service) => boolean, none: string): Promise<Service | undefined> {
    await connection.ready()
    const wanted = store.services().filter(isWanted)
    if (wanted.length === 0) void window.showInformationMessage(none)
    const items = wanted.map((service): QuickPickItem & { service: Service } => ({
      label: service.name,
      description: service.reason,
      service,
    }))
    return wanted.length === 0 ? undefined : (await window.showQuickPick(items, { placeHolder: prompt }))?.service
  }
  return {
    async launch() {
      try {
        const service = await launch(connection)
        if (!service) return
        // The stream may have told more of it by now.
        if (!store.services().some(({ name }) => name === service.name)) store.tell({ type: 'service', service })
        void window.setStatusBarMessage(`$(check) ${service.name} is launched. The Services view tells when it runs.`, toldMs)
      } catch (failure) {
        if (!(await offerRunning(failure))) throw failure
      }
    },
    open,
    async remove(given) {
      const service = given ?? (await choose('Delete which service', isDeletable, 'There is no service to delete.'))
      if (!service) return
      const detail = 'Everything of it is removed, its passwords and volumes too. Your files in /local, /remote and /shared stay.'
      const said = await window.showWarningMessage(`Delete ${service.name}?`, { modal: true, detail }, 'Delete')
      if (said !== 'Delete') return
      await connection.with(({ client }) => client.call(contract.deleteService, { params: { service: service.name } }))
    },
  }
}

/** A template that runs once per user says which one runs already. */
async function offerRunning(failure: unknown): Promise<boolean> {
  if (!(failure instanceof Problem) || failure.status !== 409) return false
  const { service } = failure.extra
  const url = safeLink(failure.extra['url'])
  if (typeof service !== 'string' || url === undefined) return false
  const pressed = await window.showInformationMessage(failure.message, `Open ${service}`)
  if (pressed) await env.openExternal(Uri.parse(url, true))
  return true
}
