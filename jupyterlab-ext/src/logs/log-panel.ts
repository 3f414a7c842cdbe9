import { Clipboard } from '@jupyterlab/apputils'
import type { Service } from '@karvdash/common'
import type { Message } from '@lumino/messaging'
import { Widget } from '@lumino/widgets'
import { type Jupyter, logsUrl, sentenceOf } from '../jupyter.ts'
import { button, element, setText } from '../panel/element.ts'
import type { ServiceStore } from '../services/store.ts'
import { choices, offer, placeOf, placesOf } from './log-choices.ts'
import { type LogView, logView } from './log-view.ts'
import { type Asked, readLogs } from './read-logs.ts'

export interface LogPanelPorts {
  jupyter: Jupyter
  services: ServiceStore
}

/** What the programs of a service print, as they print it. */
export class LogPanel extends Widget {
  readonly #service: string
  readonly #ports: LogPanelPorts
  readonly #place = choices('Container', [{ value: '', label: 'All containers' }])
  readonly #since = choices('Since', sinceChoices)
  readonly #previous = element('input', { type: 'checkbox' })
  readonly #follow = element('input', { type: 'checkbox', checked: true })
  readonly #download: HTMLAnchorElement
  readonly #told = element('span', { class: 'jp-Karvdash-logTold', role: 'status' })
  readonly #failed = element('p', { class: 'jp-Karvdash-hint jp-mod-error', role: 'alert' })
  readonly #view: LogView
  #reading = new AbortController()
  #state: 'reading' | 'live' | 'away' | 'over' = 'reading'

  constructor(service: string, ports: LogPanelPorts) {
    super()
    this.#service = service
    this.#ports = ports
    this.#view = logView(service, {
      onStick: (isStuck) => {
        this.#follow.checked = isStuck
      },
      onDraw: () => this.#tell(),
    })
    this.addClass('jp-Karvdash')
    this.addClass('jp-Karvdash-logs')
    this.#download = element('a', { class: 'jp-Karvdash-link', download: `${service}.log`, href: '#' }, 'Download')
    const labelled = (text: string, control: HTMLElement) => element('label', {}, control, ` ${text}`)
    const previous = labelled('Before the last restart', this.#previous)
    const follow = labelled('Follow', this.#follow)
    const copy = button('Copy', { title: 'Copy what is shown' }, () => Clipboard.copyToSystem(this.#view.lines.text()))
    const tools = [this.#place, this.#since, previous, follow, copy, this.#download, this.#told]
    this.node.append(element('div', { class: 'jp-Karvdash-logTools' }, ...tools), this.#failed, this.#view.node)
    for (const control of [this.#place, this.#since, this.#previous]) control.addEventListener('change', () => this.#read())
    this.#follow.addEventListener('change', () => this.#view.stick(this.#follow.checked))
    ports.services.changed.connect(this.#offerPlaces, this)
    this.#offerPlaces()
    this.#read()
  }

  override dispose(): void {
    this.#reading.abort()
    this.#ports.services.changed.disconnect(this.#offerPlaces, this)
    super.dispose()
  }

  protected override onActivateRequest(_: Message): void {
    this.#view.node.focus()
  }

  protected override onAfterShow(_: Message): void {
    this.#view.stick(this.#follow.checked)
  }

  get #asked(): Asked {
    return {
      ...placeOf(this.#place.value),
      ...(this.#since.value !== '' && { sinceSeconds: Number(this.#since.value) }),
      ...(this.#previous.checked && { previous: true as const }),
    }
  }

  #offerPlaces(): void {
    const service: Service | undefined = this.#ports.services.states.services.get(this.#service)
    if (service) offer(this.#place, 'All containers', placesOf(service))
  }

  #read(): void {
    this.#reading.abort()
    const reading = new AbortController()
    this.#reading = reading
    const { jupyter } = this.#ports
    const [asked, { signal }] = [this.#asked, reading]
    this.#view.clear()
    setText(this.#failed, '')
    this.#download.href = logsUrl(jupyter.settings, this.#service, asked)
    this.#become('reading')
    const onLive = (isLive: boolean) => !signal.aborted && this.#become(isLive ? 'live' : 'away')
    const tell: LogView['add'] = (lines) => this.#view.add(lines)
    void readLogs(jupyter.client, { service: this.#service, asked, tell, onLive, signal })
      .catch((failure: unknown) => !signal.aborted && setText(this.#failed, sentenceOf(failure)))
      .finally(() => !signal.aborted && this.#become('over'))
  }

  #become(state: 'reading' | 'live' | 'away' | 'over'): void {
    this.#state = state
    this.#tell()
  }

  #tell(): void {
    const { count, isCut } = this.#view.lines
    const lines = count === 0 ? '' : count === 1 ? '1 line' : `${count} lines${isCut ? ', the newest: the download has all' : ''}`
    setText(this.#told, [stateWords[this.#state], lines].filter((words) => words !== '').join(' '))
  }
}

const stateWords = {
  reading: 'Reading …',
  live: '',
  away: 'The connection was lost. It goes on by itself …',
  over: 'That is all.',
}

const sinceChoices = [
  { value: '', label: 'All there is' },
  { value: '300', label: 'The last 5 minutes' },
  { value: '3600', label: 'The last hour' },
  { value: '86400', label: 'The last day' },
]
