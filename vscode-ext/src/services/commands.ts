import { existingService, type Launched, type ListedTemplate, type Service } from '@karvdash/common'
import { env, Uri, window } from 'vscode'
import type { ShownTexts } from '../shown-text.ts'
import { sentenceOf } from '../words.ts'
import { serviceActs } from './acts.ts'
import { chooseService, type ServicePorts } from './choice.ts'
import { tellGenerated } from './generated.ts'
import { launch, launchTemplate } from './launch.ts'
import { savedLaunchCommands } from './saved-launches.ts'
import { update } from './update.ts'

const toldMs = 10_000

export interface ServiceCommandPorts extends ServicePorts {
  texts: ShownTexts
}

/** What people do with services, by the names of the commands. */
export function serviceCommands(ports: ServiceCommandPorts) {
  const { connection } = ports
  return {
    ...serviceActs(ports),
    ...savedLaunchCommands(ports),
    launchService: () => launched(ports, () => launch(connection)),
    async updateService(clicked?: Service) {
      const service = await chooseService(ports, 'update', clicked)
      const outcome = service && (await update(ports, service))
      if (outcome?.kind === 'done' && outcome.value) tell(ports, outcome.value, 'is being updated')
    },
  }
}

/** Launches one template. */
export function launchOne(ports: ServicePorts, template: ListedTemplate, filled?: Record<string, unknown>): Promise<void> {
  return launched(ports, async () => {
    const outcome = await launchTemplate(ports.connection, { template, before: 0, ...(filled && { filled }) })
    return outcome.kind === 'done' ? outcome.value : undefined
  })
}

async function launched(ports: ServicePorts, work: () => Promise<Launched | undefined>): Promise<void> {
  try {
    const service = await work()
    if (service) tell(ports, service, 'is launched')
  } catch (failure) {
    if (!(await offerRunning(failure))) throw failure
  }
}

function tell({ store }: ServicePorts, { generated, ...service }: Launched, what: string): void {
  // The stream may have told more of it by now.
  if (!store.services().some(({ name }) => name === service.name)) store.tell({ type: 'service', service })
  void window.setStatusBarMessage(`$(check) ${service.name} ${what}. The Services view tells when it runs.`, toldMs)
  tellGenerated({ name: service.name, ...(generated && { generated }) })
}

/** A template that runs once per user says which one runs already. */
async function offerRunning(failure: unknown): Promise<boolean> {
  const existing = existingService(failure)
  if (existing?.url === undefined) return false
  const pressed = await window.showInformationMessage(sentenceOf(failure), `Open ${existing.name}`)
  if (pressed) await env.openExternal(Uri.parse(existing.url, true))
  return true
}
