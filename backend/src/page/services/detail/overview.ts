import { idleWords, mayDo, type Service, serviceAddress, shownLine, stateWords } from '@karvdash/common'
import type { OwnContext } from '../../context.ts'
import { button, element, setText } from '../../element.ts'
import { section } from '../../section.ts'
import { momentOf } from '../../times.ts'
import { type Doing, deleting, doIt, keeping, restarting, resuming, stopping } from '../actions.ts'
import { openSharing } from '../sharing.ts'
import { drawEvents } from './events.ts'
import { drawPods } from './pods.ts'
import { drawPorts } from './ports.ts'
import type { Part } from './service-screen.ts'
import { drawSteps } from './steps.ts'

/** Where a service stands, why, and what can be done. */
export function overview(name: string, context: OwnContext): Part {
  const face = drawFace(name, context)
  const [steps, pods] = [drawSteps(), drawPods(name)]
  const [ports, events] = [drawPorts(name, context), drawEvents(name, context)]
  const text = element('pre', { class: 'commands', tabindex: 0, 'aria-label': `What ${name} printed last` })
  const lastLog = section('What it printed last', text)
  const parts = [section('Steps', steps.node), lastLog, section('Pods', pods.node), section('Ports', ports.node)]
  const node = element('div', { class: 'parts' }, face.node, ...parts, section('Events', events.node))
  return {
    node,
    show(service) {
      face.show(service)
      steps.show(service)
      pods.show(service)
      setText(text, (service.lastLog ?? []).map(shownLine).join('\n'))
      lastLog.hidden = service.lastLog === undefined
      ports.show(service)
      events.show(service)
    },
  }
}

/** Its state, the reason in words, and the actions. */
function drawFace(name: string, context: OwnContext): Part {
  const state = element('span', { class: 'state' })
  const [about, reason] = [element('p', { class: 'about' }), element('p', {})]
  const notice = element('p', { class: 'notice', role: 'status' })
  const idle = element('p', { class: 'idle', role: 'status' })
  const failed = element('p', { class: 'error', role: 'alert' })
  const actions = drawActions(name, (words) => setText(failed, words), context)
  const node = element(
    'section',
    { class: 'card service-face', 'aria-label': 'State' },
    state,
    reason,
    about,
    idle,
    notice,
    failed,
    actions.node,
  )
  return {
    node,
    show(service) {
      node.dataset['state'] = service.state
      setText(state, stateWords[service.state])
      setText(reason, service.reason)
      reason.hidden = service.reason === ''
      setText(about, aboutOf(service))
      setText(idle, idleWords(service))
      idle.hidden = service.idle === undefined
      setText(notice, service.notice ?? '')
      notice.hidden = service.notice === undefined
      actions.show(service)
    },
  }
}

function aboutOf({ template, createdAt, sharedWith = [] }: Service): string {
  const shared = sharedWith.length === 0 ? [] : [`shared with ${sharedWith.join(', ')}`]
  return [`from the template ${template}`, `launched ${momentOf(createdAt)}`, ...shared].join(' · ')
}

function drawActions(name: string, complain: (words: string) => void, context: OwnContext): Part {
  const act = (label: string, doing: Doing) => {
    const pressed: HTMLButtonElement = button(label, {}, () => void doIt({ pressed, complain }, doing, context))
    return pressed
  }
  const open = element('a', { class: 'button primary', target: '_blank', rel: 'noopener' }, 'Open')
  const [stop, resume] = [act('Stop', stopping(name)), act('Resume', resuming(name))]
  const [restart, remove] = [act('Restart', restarting(name)), act('Delete', deleting(name))]
  const keep = act('Keep running', keeping(name))
  const share = button('Share', {}, () => openSharing(name, context))
  return {
    node: element('div', { class: 'actions' }, open, keep, stop, resume, restart, share, remove),
    show(service) {
      const link = serviceAddress(service)
      open.hidden = link === undefined
      if (link !== undefined) open.href = link
      const acts = { keep, stop, resume, restart, delete: remove }
      for (const act of ['keep', 'stop', 'resume', 'restart', 'delete'] as const) acts[act].hidden = !mayDo(act, service)
      share.hidden = service.url === undefined || service.state === 'Deleting'
    },
  }
}
