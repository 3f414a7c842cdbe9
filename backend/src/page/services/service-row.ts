import { idleWords, mayDo, type Service, serviceAddress, stateWords, stepWords } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { button, element, setText } from '../element.ts'
import { icon } from '../icons.ts'
import { hashOf } from '../routes.ts'
import { momentOf } from '../times.ts'
import { type Doing, deleting, doIt, keeping, resuming, stopping } from './actions.ts'
import { openSharing } from './sharing.ts'

/** A service in the list; `show` brings it up to date. */
export interface ServiceRow {
  node: HTMLElement
  show(service: Service): void
}

/** What a template tells of the services made from it. */
export interface TemplateLook {
  name: string
  icon?: string | undefined
}

/** Draws a service. */
export function serviceRow({ name }: Service, look: TemplateLook, context: OwnContext): ServiceRow {
  const state = element('span', { class: 'state' })
  const reason = element('p', { class: 'reason' })
  const idle = element('p', { class: 'idle' })
  const steps = element('p', { class: 'steps' })
  const open = element('a', { class: 'button', target: '_blank', rel: 'noopener', 'aria-label': `Open ${name}` }, 'Open')
  const complain = (words: string) => setText(reason, words)
  const act = (pressed: HTMLButtonElement, doing: Doing) => void doIt({ pressed, complain }, doing, context)
  const quiet = (label: string, doing: () => void) => button(label, { class: 'quiet', 'aria-label': `${label} ${name}` }, doing)
  const stop = quiet('Stop', () => act(stop, stopping(name)))
  const resume = quiet('Resume', () => act(resume, resuming(name)))
  const keep = button('Keep running', { 'aria-label': `Keep running ${name}` }, () => act(keep, keeping(name)))
  const remove = quiet('Delete', () => act(remove, deleting(name)))
  const share = quiet('Share', () => openSharing(name, context))
  const about = element('p', { class: 'about' })
  const details = element('a', { href: hashOf({ screen: 'service', service: name }) }, name)
  const words = element('div', { class: 'service-words' }, element('h2', { class: 'name' }, details), about)
  const status = element('div', { class: 'service-status' }, state, reason, idle, keep, steps)
  const either = element('span', { class: 'either' }, stop, resume)
  const actions = element('div', { class: 'service-actions' }, open, either, share, remove)
  const node = element('li', { class: 'service', 'data-service': name }, icon(look.icon), words, status, actions)

  function show(service: Service): void {
    const link = serviceAddress(service)
    node.dataset['state'] = service.state
    setText(state, stateWords[service.state])
    setText(reason, service.reason)
    setText(idle, idleWords(service))
    keep.hidden = !mayDo('keep', service)
    setText(steps, stepWords(service))
    setText(about, aboutOf(service, look))
    share.classList.toggle('absent', service.url === undefined || service.state === 'Deleting')
    open.classList.toggle('absent', link === undefined)
    stop.classList.toggle('absent', service.state === 'Stopped' || service.state === 'Deleting')
    resume.classList.toggle('absent', service.state !== 'Stopped' || service.cause === 'finished')
    if (link !== undefined) open.href = link
    remove.classList.toggle('absent', service.state === 'Deleting')
  }
  return { node, show }
}

function aboutOf({ createdAt, sharedWith = [] }: Service, look: TemplateLook): string {
  const shared = sharedWith.length === 0 ? [] : [`shared with ${sharedWith.join(', ')}`]
  return [look.name, momentOf(createdAt), ...shared].join(' · ')
}
