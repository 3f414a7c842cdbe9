import { contract, lossesOf, type Service, safeLink, serviceAddress } from '@karvdash/common'
import { env, Uri, window } from 'vscode'
import { chooseService, type ServicePorts } from './choice.ts'

/** What the menus hand over: the service that was clicked. The palette hands over nothing. */
type Act = (clicked?: Service) => Promise<void>

/** What people do with services, by the names of the commands. */
export function serviceActs(ports: ServicePorts) {
  return {
    openService: (clicked?: Service) => open(ports, clicked),
    copyServiceAddress: (clicked?: Service) => copyAddress(ports, clicked),
    stopService: asked(ports, 'stop'),
    resumeService: asked(ports, 'resume'),
    restartService: asked(ports, 'restart'),
    keepService: asked(ports, 'keep'),
    deleteService: (clicked?: Service) => remove(ports, clicked),
  }
}

const toldMs = 10_000

async function open(ports: ServicePorts, clicked?: Service): Promise<void> {
  const service = await chooseService(ports, 'open', clicked)
  const address = service && serviceAddress(service)
  if (address !== undefined) await env.openExternal(Uri.parse(address, true))
}

async function copyAddress(ports: ServicePorts, clicked?: Service): Promise<void> {
  const address = safeLink((await chooseService(ports, 'copy-address', clicked))?.url)
  if (address === undefined) return
  await env.clipboard.writeText(address)
  void window.setStatusBarMessage(`$(check) ${address} is copied.`, toldMs)
}

interface Doing {
  operation:
    | typeof contract.stopService
    | typeof contract.resumeService
    | typeof contract.restartService
    | typeof contract.keepService
  question?: { verb: string; detail: string }
}

const doings: Record<'stop' | 'resume' | 'restart' | 'keep', Doing> = {
  stop: {
    operation: contract.stopService,
    question: {
      verb: 'Stop',
      detail:
        'What runs in it ends, and what is not saved is lost. Its volumes, passwords and address stay, and so do your files.',
    },
  },
  resume: { operation: contract.resumeService },
  keep: { operation: contract.keepService },
  restart: {
    operation: contract.restartService,
    question: {
      verb: 'Restart',
      detail: 'What runs in it begins anew, and what is not saved is lost. Its volumes and your files stay.',
    },
  },
}

function asked(ports: ServicePorts, act: keyof typeof doings): Act {
  const { operation, question } = doings[act]
  return async (clicked) => {
    const service = await chooseService(ports, act, clicked)
    if (!service) return
    // What ended has nothing left to lose.
    if (question && service.state !== 'Stopped' && !(await confirmed(`${question.verb} ${service.name}?`, question))) return
    const now = await ports.connection.with(({ client }) => client.call(operation, { params: { service: service.name } }))
    ports.store.tell({ type: 'service', service: now })
  }
}

async function remove({ connection, store }: ServicePorts, clicked?: Service): Promise<void> {
  const service = await chooseService({ connection, store }, 'delete', clicked)
  if (!service) return
  const params = { service: service.name }
  const { items } = await connection.with(({ client }) => client.call(contract.previewServiceDeletion, { params }))
  const losses = lossesOf(items).map(({ text }) => text)
  const all = 'Everything of it is removed, its passwords and volumes too. Your files in /local, /remote and /shared stay.'
  const detail = [all, ...(losses.length > 0 ? ['', ...losses] : [])].join('\n')
  if (!(await confirmed(`Delete ${service.name}?`, { verb: 'Delete', detail }))) return
  await connection.with(({ client }) => client.call(contract.deleteService, { params }))
}

/** Asks in a way that has to be answered. */
async function confirmed(title: string, { verb, detail }: { verb: string; detail: string }): Promise<boolean> {
  return (await window.showWarningMessage(title, { modal: true, detail }, verb)) === verb
}
