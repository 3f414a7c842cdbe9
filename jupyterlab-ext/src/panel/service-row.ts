import { idleWords, mayDo, type Service, shownLine, stateWords, stepWords } from '@karvdash/common'
import { button, element, setText } from './element.ts'

/** What can be done with a service from its row; all else is in the menu. */
export interface RowActions {
  open: (service: Service) => void
  stop: (service: Service) => void
  resume: (service: Service) => void
  restart: (service: Service) => void
  keep: (service: Service) => void
  /** Opens the menu of all that can be done with it, below a button. */
  showMenu: (service: Service, below: DOMRect) => void
}

/** A service in the list; `show` brings it up to date, so that no button moves under a pointer. */
export interface ServiceRow {
  node: HTMLElement
  show(service: Service): void
}

/** Draws a service. */
export function serviceRow(first: Service, actions: RowActions): ServiceRow {
  const { name } = first
  let shown = first
  const state = element('span', { class: 'jp-Karvdash-state' })
  const line = (what: string) => element('p', { class: `jp-Karvdash-${what}` })
  const [reason, idle, notice, steps] = [line('reason'), line('notice'), line('notice'), line('steps')]
  const lastLog = element('pre', { class: 'jp-Karvdash-lastLog', role: 'group', 'aria-label': `What ${name} printed last` })
  const act = (label: string, doing: (service: Service) => void, isMain = false) =>
    button(label, { 'aria-label': `${label} ${name}` }, () => doing(shown), isMain)
  const opening = act('Open', actions.open, true)
  const stop = act('Stop', actions.stop)
  const resume = act('Resume', actions.resume)
  const restart = act('Restart', actions.restart)
  const keep = act('Keep running', actions.keep)
  const more: HTMLButtonElement = button('More …', { 'aria-label': `More for ${name}`, 'aria-haspopup': 'menu' }, () =>
    actions.showMenu(shown, more.getBoundingClientRect()),
  )
  const head = element('div', { class: 'jp-Karvdash-rowHead' }, element('strong', {}, name), state)
  const buttons = element('div', { class: 'jp-Karvdash-actions' }, opening, keep, stop, resume, restart, more)
  const about = { class: 'jp-Karvdash-service', 'data-service': name }
  const node = element('li', about, head, reason, idle, notice, steps, lastLog, buttons)
  function show(service: Service): void {
    shown = service
    node.dataset['state'] = service.state
    setText(state, stateWords[service.state])
    setText(reason, service.reason)
    setText(idle, idleWords(service))
    setText(notice, service.notice ?? '')
    setText(steps, stepWords(service))
    setText(lastLog, (service.lastLog ?? []).map(shownLine).join('\n'))
    lastLog.hidden = service.lastLog === undefined
    opening.hidden = !mayDo('open', service)
    keep.hidden = !mayDo('keep', service)
    stop.hidden = !mayDo('stop', service)
    resume.hidden = !mayDo('resume', service)
    // Of what runs, it is in the menu: few want it.
    restart.hidden = !stop.hidden || !mayDo('restart', service)
  }
  show(first)
  return { node, show }
}
