import { contract, type Service, serviceAddress, stateWords } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { confirmed } from '../dialog.ts'
import { button, element, setText } from '../element.ts'
import { icon } from '../icons.ts'
import { sentenceOf } from '../problems.ts'
import { momentOf } from '../times.ts'
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
  const open = element('a', { class: 'button', target: '_blank', rel: 'noopener', 'aria-label': `Open ${name}` }, 'Open')
  const remove = button(
    'Delete',
    { class: 'quiet', 'aria-label': `Delete ${name}` },
    () => void askToDelete(name, remove, reason, context),
  )
  const share = button('Share', { class: 'quiet', 'aria-label': `Share ${name}` }, () => openSharing(name, context))
  const about = element('p', { class: 'about' })
  const words = element('div', { class: 'service-words' }, element('h2', { class: 'name' }, name), about)
  const status = element('div', { class: 'service-status' }, state, reason)
  const actions = element('div', { class: 'service-actions' }, open, share, remove)
  const node = element('li', { class: 'service', 'data-service': name }, icon(look.icon), words, status, actions)

  function show(service: Service): void {
    const link = serviceAddress(service)
    node.dataset['state'] = service.state
    setText(state, stateWords[service.state])
    setText(reason, service.reason)
    setText(about, aboutOf(service, look))
    share.classList.toggle('absent', service.url === undefined || service.state === 'Deleting')
    open.classList.toggle('absent', link === undefined)
    if (link !== undefined) open.href = link
    remove.classList.toggle('absent', service.state === 'Deleting')
  }
  return { node, show }
}

function aboutOf({ createdAt, sharedWith = [] }: Service, look: TemplateLook): string {
  const shared = sharedWith.length === 0 ? [] : [`shared with ${sharedWith.join(', ')}`]
  return [look.name, momentOf(createdAt), ...shared].join(' · ')
}

async function askToDelete(
  name: string,
  pressed: HTMLButtonElement,
  reason: HTMLElement,
  { api, announce }: OwnContext,
): Promise<void> {
  const question = {
    title: `Delete ${name}?`,
    text: 'Everything of it is removed, its passwords and volumes too. Your files in /local, /remote and /shared stay.',
    yes: 'Delete',
  }
  if (!(await confirmed(question))) return
  await whileBusy(pressed, 'Deleting …', async () => {
    try {
      await api.call(contract.deleteService, { params: { service: name } })
    } catch (failure) {
      setText(reason, sentenceOf(failure))
      announce(sentenceOf(failure))
    }
  })
}
