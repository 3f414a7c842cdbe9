import { contract, LaunchDraft, launchName, type Service } from '@karvdash/common'
import { window } from 'vscode'
import { chooseService, type ServicePorts } from './choice.ts'

/** What people do with launches that they keep, by the names of the commands. */
export function savedLaunchCommands(ports: ServicePorts) {
  return {
    /** What is kept is how a service was launched. */
    async saveLaunch(clicked?: Service) {
      const service = await chooseService(ports, 'update', clicked)
      if (service) await save(ports, service.name)
    },
    forgetLaunch: () => forget(ports),
  }
}

const toldMs = 10_000

async function save({ connection }: ServicePorts, service: string): Promise<void> {
  const label = await window.showInputBox({
    title: `Save Launch of ${service}`,
    prompt: 'What to call it. Its template and values are kept, and no passwords.',
    value: service,
    ignoreFocusOut: true,
    validateInput: (text) => (LaunchDraft.shape.label.safeParse(text.trim()).success ? undefined : 'Enter up to 60 characters.'),
  })
  if (label === undefined) return
  await connection.with(async ({ client }) => {
    const { template, values } = await client.call(contract.getServiceLaunch, { params: { service } })
    const draft = LaunchDraft.parse({ template, label: label.trim(), values })
    await client.call(contract.saveLaunch, { params: { launch: launchName(draft.label) }, body: draft })
  })
  void window.setStatusBarMessage(`$(check) ${label.trim()} is saved. Launch Service offers it first.`, toldMs)
}

async function forget({ connection }: ServicePorts): Promise<void> {
  const { items } = await connection.with(({ client }) => client.call(contract.listLaunches))
  if (items.length === 0) return void window.showInformationMessage('No launch is saved.')
  const options = items.map(({ name, label, template }) => ({ label, description: template, name }))
  const chosen = await window.showQuickPick(options, { placeHolder: 'Forget which saved launch' })
  if (!chosen) return
  await connection.with(({ client }) => client.call(contract.deleteLaunch, { params: { launch: chosen.name } }))
  void window.setStatusBarMessage(`$(check) ${chosen.label} is forgotten.`, toldMs)
}
