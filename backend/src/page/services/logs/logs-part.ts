import { contract, followLogs, type LogsPart, pathOf, readEvents } from '@karvdash/common'
import type { OwnContext } from '../../context.ts'
import { element, setText } from '../../element.ts'
import { drawField } from '../../field.ts'
import { sentenceOf } from '../../problems.ts'
import type { Part, ServiceRoute } from '../detail/service-screen.ts'
import { drawPlace } from '../place.ts'
import { drawLogView, type LogView, mostLines } from './log-view.ts'

/** Which lines are asked for. */
type Asked = Partial<LogsPart>

const sinceChoices = [
  { value: '', label: 'All there is' },
  { value: '300', label: 'The last 5 minutes' },
  { value: '3600', label: 'The last hour' },
  { value: '86400', label: 'The last day' },
]

/** What the programs of a service print. */
export function logsPart(route: ServiceRoute, context: OwnContext): Part {
  const { service } = route
  const place = drawPlace({ ...route, all: 'All' })
  const since = drawField({ pointer: '/since', label: 'Since', kind: 'select', choices: sinceChoices })
  const search = drawField({ pointer: '/search', label: 'Search', kind: 'text', attributes: { type: 'search', maxlength: 200 } })
  const previous = drawField({ pointer: '/previous', label: 'Before it was started again', kind: 'switch' })
  const follow = drawField({ pointer: '/follow', label: 'Follow', kind: 'switch', value: 'true' })
  const count = element('p', { class: 'about' })
  const failed = element('p', { class: 'error', role: 'alert' })
  const download = element('a', { class: 'button', download: `${service}.log` }, 'Download')
  const view = drawLogView({
    name: service,
    onStick: (isStuck) => tick(follow.control, isStuck),
    onCount: (counted) => setText(count, countWords(counted)),
  })
  const asked = (): Asked => ({
    ...place.chosen(),
    ...(since.text() !== '' && { sinceSeconds: Number(since.text()) }),
    ...(previous.text() === 'true' && { previous: true }),
  })
  let visit = new AbortController()
  function read(): void {
    visit.abort()
    visit = new AbortController()
    setText(failed, '')
    view.clear()
    download.href = downloadAddress(service, asked())
    const signal = AbortSignal.any([visit.signal, context.signal])
    void stream({ service, part: asked(), view, signal }, context).catch((failure: unknown) => {
      if (!signal.aborted) setText(failed, sentenceOf(failure))
    })
  }
  for (const { control } of [since, previous]) control.addEventListener('change', read)
  place.onChange(read)
  search.control.addEventListener('input', () => view.search(search.text()))
  follow.control.addEventListener('change', () => view.stick(follow.text() === 'true'))
  const tools = element('div', { class: 'tools log-tools' }, ...place.nodes, since.node, search.node)
  const below = element('div', { class: 'tools log-tools' }, follow.node, previous.node, download, count)
  read()
  return { node: element('div', { class: 'logs' }, tools, below, failed, view.node), show: place.show }
}

interface Streaming {
  service: string
  part: Asked
  view: LogView
  signal: AbortSignal
}

/** What was printed before goes to its end; what is printed now, on and on. */
async function stream({ service, part, view, signal }: Streaming, { api }: OwnContext): Promise<void> {
  const wanted = { ...part, tailLines: mostLines }
  if (!part.previous)
    return followLogs(api, { service, part: wanted, signal, tell: (news) => news.type === 'lines' && view.add(news.lines) })
  const { body } = await api.download(contract.readLogs, { params: { service }, query: wanted }, { signal })
  if (!body) return
  for await (const data of readEvents(body)) {
    const event = contract.readLogs.reply.safeParse(JSON.parse(data))
    if (event.success && event.data.type === 'lines') view.add(event.data.lines)
  }
}

function downloadAddress(service: string, part: Asked): string {
  const query = Object.entries(part).map(([name, value]) => [name, String(value)])
  return `${pathOf(contract.downloadLogs, { service })}${query.length > 0 ? `?${new URLSearchParams(query)}` : ''}`
}

function tick(control: HTMLElement, isOn: boolean): void {
  if (control instanceof HTMLInputElement) control.checked = isOn
}

function countWords({ shown, all, isCut }: { shown: number; all: number; isCut: boolean }): string {
  if (all === 0) return 'Nothing is printed so far.'
  const of = shown === all ? '' : `${shown} of `
  return `${of}${all === 1 ? '1 line' : `${all} lines`}${isCut ? ', the newest: older ones are in the download' : ''}`
}
