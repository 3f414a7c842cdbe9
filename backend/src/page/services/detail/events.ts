import { type ClusterEvent, contract, shownLine } from '@karvdash/common'
import type { OwnContext } from '../../context.ts'
import { arrange, element } from '../../element.ts'
import { clockOf } from '../../times.ts'
import type { Part } from './service-screen.ts'

const restMs = 1000

/** Draws what Kubernetes told of a service, the latest first; looked up again whenever the service changes. */
export function drawEvents(service: string, { api, signal }: OwnContext): Part {
  const list = element('ul', { class: 'rows' })
  const node = element('div', { class: 'events', tabindex: 0, role: 'group', 'aria-label': 'Events' }, list)
  let alarm: ReturnType<typeof setTimeout> | undefined
  let isFirst = true
  signal.addEventListener('abort', () => clearTimeout(alarm))
  async function look(): Promise<void> {
    const { items } = await api.call(contract.listServiceEvents, { params: { service } }, { signal })
    arrange(list, items.length > 0 ? items.map(drawEvent) : [element('li', { class: 'empty' }, 'Kubernetes remembers none.')])
  }
  return {
    node,
    show() {
      clearTimeout(alarm)
      if (signal.aborted) return
      // What cannot be looked up now is looked up at the next change.
      alarm = setTimeout(() => void look().catch(() => undefined), isFirst ? 0 : restMs)
      isFirst = false
    },
  }
}

/** Whoever owns the namespace may have written it: it is text. */
function drawEvent({ at, type, reason, message, about, count }: ClusterEvent): HTMLElement {
  const times = count > 1 ? [`${count} times`] : []
  const head = element('strong', {}, shownLine(reason))
  const told = element('p', { class: 'about' }, [clockOf(at), shownLine(about), ...times].join(' · '))
  return element('li', { 'data-event': type }, element('div', {}, head, element('p', {}, shownLine(message)), told))
}
