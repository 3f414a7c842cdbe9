import { openTerminal, type Service, type TerminalRequest } from '@karvdash/common'
import { EventEmitter, type Pseudoterminal, type TerminalDimensions, ThemeIcon, window } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { chooseService, type ServicePorts } from '../services/choice.ts'
import { sentenceOf } from '../words.ts'
import { createShell } from './shell.ts'

/** Makes the socket of a terminal as the host has them; where it is left out, that of the platform is taken. */
export type Connect = TerminalRequest['connect']

export interface TerminalPorts extends ServicePorts {
  connect?: Connect | undefined
}

interface Place {
  service: string
  pod?: string
  container?: string
}

/** What people do with terminals, by the names of the commands. */
export function terminalCommands(ports: TerminalPorts) {
  return {
    async openTerminal(clicked?: Service) {
      const service = await chooseService(ports, 'terminal', clicked)
      const place = service && (await choosePlace(service))
      if (!place) return
      const name = [place.service, ...(place.container === undefined ? [] : [place.container])].join(' ')
      const pty = pseudoterminal(ports, place)
      // Transient: a window that is loaded anew has lost the shell, and must not open another by itself.
      window.createTerminal({ name, pty, iconPath: new ThemeIcon('vm'), isTransient: true }).show()
    },
  }
}

/** Of several containers one is chosen; of one alone there is nothing to ask. */
async function choosePlace({ name: service, pods = [] }: Service): Promise<Place | undefined> {
  const places = pods.flatMap(({ name: pod, containers }) =>
    containers.map(({ name: container, ready }) => ({
      label: container,
      description: ready ? pod : `${pod}, not ready`,
      place: { service, pod, container },
    })),
  )
  if (places.length < 2) return { service }
  return (await window.showQuickPick(places, { placeHolder: `Where in ${service}` }))?.place
}

function pseudoterminal({ connection, connect }: TerminalPorts, place: Place): Pseudoterminal {
  const wrote = new EventEmitter<string>()
  const closed = new EventEmitter<number>()
  const shell = createShell({
    open: opener(connection, connect, place),
    write: (text) => wrote.fire(text),
    exit: (code) => closed.fire(code),
    sentenceOf,
  })
  return {
    onDidWrite: wrote.event,
    onDidClose: closed.event,
    open: (dimensions) => shell.begin(sizeOf(dimensions)),
    close: () => shell.close(),
    handleInput: (text) => shell.type(text),
    setDimensions: (dimensions) => shell.resize(sizeOf(dimensions)),
  }
}

function opener(connection: Connection, connect: Connect, place: Place): Parameters<typeof createShell>[0]['open'] {
  return (request) =>
    connection.with(({ client, server }) =>
      openTerminal(client, { url: server.url, ...place, ...request, ...(connect && { connect }) }),
    )
}

/** A terminal that nobody sees yet has no size. */
function sizeOf(dimensions: TerminalDimensions | undefined): { columns: number; rows: number } {
  return dimensions ? { columns: dimensions.columns, rows: dimensions.rows } : { columns: 80, rows: 24 }
}
