import { contract, type Service } from '@karvdash/common'
import { Uri, window } from 'vscode'
import { underway } from '../progress.ts'
import { chooseService, type ServicePorts } from '../services/choice.ts'
import type { Disk } from '../transfers/disk.ts'
import { chunksOf, counted } from '../transfers/received.ts'
import { type LogPlace, logPlace } from './log-address.ts'
import { type LogChoice, logChoices } from './log-parts.ts'
import { type Logs, logScheme } from './logs.ts'

export interface LogPorts extends ServicePorts {
  logs: Logs
  disk: Disk
}

/** What people do with logs, by the names of the commands. */
export function logCommands(ports: LogPorts) {
  return {
    async showLogs(clicked?: Service) {
      const place = await choose(ports, clicked)
      if (place) await ports.logs.show(place)
    },
    /** An open log hands over its address, a service itself. */
    async saveLogs(clicked?: Service | Uri) {
      const place = clicked instanceof Uri ? logPlace(clicked) : (shownPlace(clicked) ?? (await choose(ports, clicked)))
      if (place) await save(ports, place)
    },
  }
}

/** From the palette, the log that somebody looks at is meant. */
function shownPlace(clicked: Service | undefined): LogPlace | undefined {
  const shown = window.activeTextEditor?.document.uri
  return clicked === undefined && shown?.scheme === logScheme ? logPlace(shown) : undefined
}

async function choose(ports: LogPorts, clicked: Service | undefined): Promise<LogPlace | undefined> {
  const service = await chooseService(ports, 'logs', clicked)
  if (!service) return undefined
  const choices = logChoices(service)
  const placeHolder = `Which log of ${service.name}`
  const chosen: LogChoice | undefined = choices.length === 1 ? choices[0] : await window.showQuickPick(choices, { placeHolder })
  return chosen && { service: service.name, part: chosen.part }
}

const toldMs = 10_000

async function save({ connection, disk }: LogPorts, { service, part }: LogPlace): Promise<void> {
  const name = `${service}.log`
  const to = await window.showSaveDialog({ title: 'Save Logs', defaultUri: Uri.joinPath(disk.home, name) })
  if (!to) return
  await underway(`Saving ${name}`, ({ signal, say }) =>
    connection.with(async ({ client }) => {
      const { body } = await client.download(contract.downloadLogs, { params: { service }, query: part }, { signal })
      // How much it will be nobody knows.
      const bytes = counted(chunksOf(body), (done) => say(`${Math.floor(done / 2 ** 20)} MiB`))
      await disk.save(to, bytes, signal)
    }),
  )
  void window.setStatusBarMessage(`$(check) ${name} is saved.`, toldMs)
}
