import { contract, type SharedService, serviceAddress, stateWords, type TemplateDescription } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { confirmed } from '../dialog.ts'
import { arrange, button, element, setText } from '../element.ts'
import { icon } from '../icons.ts'
import { sentenceOf } from '../problems.ts'

/** Services of others that I may enter; nothing where there are none. */
export function sharedSection(context: OwnContext, templates: TemplateDescription[]): HTMLElement {
  const { api, signal } = context
  const heading = element('h2', { id: 'shared-heading', tabindex: -1 }, 'Shared with you')
  const list = element('ul', { class: 'services', 'aria-labelledby': heading.id })
  const node = element('section', { hidden: true, 'aria-labelledby': heading.id }, heading, list)
  async function load(): Promise<void> {
    const { items } = await api.call(contract.listShared, {}, { signal })
    arrange(
      list,
      items.map((service) => sharedRow(service, templates, () => leave(service))),
    )
    node.hidden = items.length === 0
  }
  async function leave({ owner, name }: SharedService): Promise<void> {
    await api.call(contract.leaveShared, { params: { user: owner, service: name } })
    await load()
    // The button that had the focus is gone.
    heading.focus()
  }
  // Nothing tells when others share something: it is looked up when people come, and when they come back.
  const look = () => void load().catch(() => undefined)
  addEventListener('focus', look, { signal })
  look()
  return node
}

function sharedRow(service: SharedService, templates: TemplateDescription[], onLeave: () => Promise<void>): HTMLElement {
  const { owner, name, template, state } = service
  const look = templates.find(({ id }) => id === template)
  const label = `${name} of ${owner}`
  const failed = element('p', { class: 'reason', role: 'alert' })
  const link = serviceAddress(service)
  const open = element(
    'a',
    { class: 'button', href: link, target: '_blank', rel: 'noopener', 'aria-label': `Open ${label}` },
    'Open',
  )
  open.classList.toggle('absent', link === undefined)
  const leave: HTMLButtonElement = button('Leave', { class: 'quiet', 'aria-label': `Leave ${label}` }, () => void ask())
  async function ask(): Promise<void> {
    const text = `You can open it again only when ${owner} shares it with you again.`
    if (!(await confirmed({ title: `Leave ${label}?`, text, yes: 'Leave' }))) return
    await whileBusy(leave, 'Leaving …', () => onLeave().catch((failure: unknown) => setText(failed, sentenceOf(failure))))
  }
  const about = element('p', { class: 'about' }, `${look?.name ?? template} · ${owner}`)
  const words = element('div', { class: 'service-words' }, element('h3', {}, name), about)
  const status = element('div', { class: 'service-status' }, element('span', { class: 'state' }, stateWords[state]), failed)
  const actions = element('div', { class: 'service-actions' }, open, leave)
  return element('li', { class: 'service', 'data-shared': label, 'data-state': state }, icon(look?.icon), words, status, actions)
}
