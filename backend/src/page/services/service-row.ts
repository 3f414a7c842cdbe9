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
  const act = (pressed: HTMLButtonElement, doing: Doing) => void carriedOut({ pressed, reason }, doing, context)
  const quiet = (label: string, doing: () => void) => button(label, { class: 'quiet', 'aria-label': `${label} ${name}` }, doing)
  const stop = quiet('Stop', () => act(stop, stopping(name)))
  const resume = quiet('Resume', () => act(resume, resuming(name)))
  const remove = quiet('Delete', () => act(remove, deleting(name)))
  const share = quiet('Share', () => openSharing(name, context))
  const about = element('p', { class: 'about' })
  const words = element('div', { class: 'service-words' }, element('h2', { class: 'name' }, name), about)
  const status = element('div', { class: 'service-status' }, state, reason)
  const either = element('span', { class: 'either' }, stop, resume)
  const actions = element('div', { class: 'service-actions' }, open, either, share, remove)
  const node = element('li', { class: 'service', 'data-service': name }, icon(look.icon), words, status, actions)

  function show(service: Service): void {
    const link = serviceAddress(service)
    node.dataset['state'] = service.state
    setText(state, stateWords[service.state])
    setText(reason, service.reason)
    setText(about, aboutOf(service, look))
    share.classList.toggle('absent', service.url === undefined || service.state === 'Deleting')
    open.classList.toggle('absent', link === undefined)
    stop.classList.toggle('absent', service.state === 'Stopped' || service.state === 'Deleting')
    resume.classList.toggle('absent', service.state !== 'Stopped')
    if (link !== undefined) open.href = link
    remove.classList.toggle('absent', service.state === 'Deleting')
  }
  return { node, show }
}

function aboutOf({ createdAt, sharedWith = [] }: Service, look: TemplateLook): string {
  const shared = sharedWith.length === 0 ? [] : [`shared with ${sharedWith.join(', ')}`]
  return [look.name, momentOf(createdAt), ...shared].join(' · ')
}

/** Something that is done with a service, after asking where that is needed. */
interface Doing {
  question?: Parameters<typeof confirmed>[0]
  busy: string
  call: (api: OwnContext['api']) => Promise<unknown>
}

function stopping(name: string): Doing {
  const text =
    'What runs in it ends, and what is not saved is lost. Its volumes, passwords and address stay, and so do your files.'
  return {
    question: { title: `Stop ${name}?`, text, yes: 'Stop' },
    busy: 'Stopping …',
    call: (api) => api.call(contract.stopService, { params: { service: name } }),
  }
}

function resuming(name: string): Doing {
  return { busy: 'Resuming …', call: (api) => api.call(contract.resumeService, { params: { service: name } }) }
}

function deleting(name: string): Doing {
  const text = 'Everything of it is removed, its passwords and volumes too. Your files in /local, /remote and /shared stay.'
  return {
    question: { title: `Delete ${name}?`, text, yes: 'Delete' },
    busy: 'Deleting …',
    call: (api) => api.call(contract.deleteService, { params: { service: name } }),
  }
}

interface Pressed {
  pressed: HTMLButtonElement
  reason: HTMLElement
}

async function carriedOut({ pressed, reason }: Pressed, { question, busy, call }: Doing, { api, announce }: OwnContext) {
  if (question && !(await confirmed(question))) return
  await whileBusy(pressed, busy, async () => {
    try {
      await call(api)
    } catch (failure) {
      setText(reason, sentenceOf(failure))
      announce(sentenceOf(failure))
    }
  })
}
