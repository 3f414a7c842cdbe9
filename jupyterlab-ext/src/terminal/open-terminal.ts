import type { JupyterFrontEnd } from '@jupyterlab/application'
import { InputDialog, MainAreaWidget } from '@jupyterlab/apputils'
import type { ISettingRegistry } from '@jupyterlab/settingregistry'
import { type ITerminal, type ITerminalTracker, Terminal } from '@jupyterlab/terminal'
import { terminalIcon } from '@jupyterlab/ui-components'
import { openTerminal, type Service } from '@karvdash/common'
import { type Jupyter, sentenceOf } from '../jupyter.ts'
import { ServiceTerminal } from './service-terminal.ts'

/** What terminals need; JupyterLab's own tracker gives them its commands: copy, paste, font size. */
export interface TerminalPorts {
  shell: JupyterFrontEnd['shell']
  jupyter: Jupyter
  tracker: ITerminalTracker | null
  settings: ISettingRegistry | null
}

/** Opens a terminal in a service, in its only container or in the one that people choose. */
export async function openServiceTerminal(service: Service, { shell, jupyter, tracker, settings }: TerminalPorts): Promise<void> {
  const place = await choosePlace(service)
  if (!place) return
  const connection = new ServiceTerminal({
    sentenceOf,
    serverSettings: jupyter.settings,
    open: (size, ears) =>
      openTerminal(jupyter.client, {
        url: jupyter.root,
        service: service.name,
        ...place,
        size,
        ...ears,
        connect: jupyter.connect,
      }),
  })
  const content = new Terminal(connection, await optionsIn(settings))
  const main = new MainAreaWidget({ content, reveal: content.ready })
  main.title.icon = terminalIcon
  main.title.label = '…'
  const name = () => {
    if (connection.connectionStatus === 'connected') content.title.label = `${service.name}${place.pod ? `: ${place.pod}` : ''}`
  }
  // Behind the terminal itself, which calls all by JupyterLab's own names.
  void content.ready.then(() => connection.connectionStatusChanged.connect(name))
  // JupyterLab lets its shells live on without a tab; nothing of ours could find this one again.
  content.disposed.connect(() => connection.dispose())
  shell.add(main, 'main')
  if (isAddable(tracker)) void tracker.add(main)
  shell.activateById(main.id)
}

/** How people have set JupyterLab's terminals. */
async function optionsIn(settings: ISettingRegistry | null): Promise<Partial<ITerminal.IOptions>> {
  const set = await settings?.load('@jupyterlab/terminal-extension:plugin').catch(() => undefined)
  return (set?.composite ?? {}) as Partial<ITerminal.IOptions>
}

interface Place {
  pod?: string
  container?: string
}

/** Undefined where nobody wants to choose. */
async function choosePlace({ name, pods = [] }: Service): Promise<Place | undefined> {
  const places = pods.flatMap((pod) => pod.containers.map((container) => ({ pod: pod.name, container: container.name })))
  if (places.length < 2) return {}
  const words = places.map(({ pod, container }) => `${pod} · ${container}`)
  const { value } = await InputDialog.getItem({ title: `Open a terminal in which container of ${name}?`, items: words })
  return value === null ? undefined : places[words.indexOf(value)]
}

/** The token promises less than what JupyterLab gives: a WidgetTracker. */
function isAddable(
  tracker: ITerminalTracker | null,
): tracker is ITerminalTracker & { add(widget: MainAreaWidget<Terminal>): Promise<void> } {
  return tracker !== null && 'add' in tracker
}
