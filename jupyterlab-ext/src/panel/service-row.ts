import { type Service, serviceAddress, stateWords } from '@karvdash/common'
import { button, element, setText } from './element.ts'

/** What can be done with a service. */
export interface ServiceActions {
  open: (service: Service) => void
  remove: (name: string) => void
}

/** A service in the list; `show` brings it up to date, so that no button moves under a pointer. */
export interface ServiceRow {
  node: HTMLElement
  show(service: Service): void
}

/** Draws a service. */
export function serviceRow(first: Service, { open, remove }: ServiceActions): ServiceRow {
  let shown = first
  const state = element('span', { class: 'jp-Karvdash-state' })
  const reason = element('p', { class: 'jp-Karvdash-reason' })
  const opening = button('Open', { 'aria-label': `Open ${first.name}` }, () => open(shown), true)
  const removing = button('Delete', { 'aria-label': `Delete ${first.name}` }, () => remove(first.name))
  const head = element('div', { class: 'jp-Karvdash-rowHead' }, element('strong', {}, first.name), state)
  const actions = element('div', { class: 'jp-Karvdash-actions' }, opening, removing)
  const node = element('li', { class: 'jp-Karvdash-service', 'data-service': first.name }, head, reason, actions)
  function show(service: Service): void {
    shown = service
    node.dataset['state'] = service.state
    setText(state, stateWords[service.state])
    setText(reason, service.reason)
    opening.hidden = serviceAddress(service) === undefined
    removing.hidden = service.state === 'Deleting'
  }
  show(first)
  return { node, show }
}
