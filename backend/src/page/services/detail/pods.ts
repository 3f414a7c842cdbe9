import type { ServicePod } from '@karvdash/common'
import { arrange, element } from '../../element.ts'
import { hashOf, type ServicePart } from '../../routes.ts'
import type { Part } from './service-screen.ts'

/** Draws the pods of a service and their containers. */
export function drawPods(service: string): Part {
  const node = element('ul', { class: 'rows', 'aria-label': 'Pods', tabindex: -1 })
  let rows = new Map<string, HTMLElement>()
  return {
    node,
    show({ pods = [] }) {
      const hadFocus = node.contains(document.activeElement)
      rows = new Map(
        pods.flatMap((pod) =>
          pod.containers.map((container): [string, HTMLElement] => {
            const key = JSON.stringify([pod.name, container])
            return [key, rows.get(key) ?? drawContainer({ service, pod: pod.name, container })]
          }),
        ),
      )
      arrange(node, rows.size > 0 ? [...rows.values()] : [element('li', { class: 'empty' }, 'No pod is there.')])
      // The row that had the focus is another one now.
      if (hadFocus && !node.contains(document.activeElement)) node.focus()
    },
  }
}

interface Shown {
  service: string
  pod: string
  container: ServicePod['containers'][number]
}

function drawContainer({ service, pod, container }: Shown): HTMLElement {
  const { name, image, ready, restarts } = container
  const link = (label: string, part: ServicePart) =>
    element(
      'a',
      {
        href: hashOf({ screen: 'service', service, part, pod, container: name }),
        class: 'button quiet',
        'aria-label': `${label} of ${name} in ${pod}`,
      },
      label,
    )
  const again = restarts === 0 ? [] : [restarts === 1 ? 'started again once' : `started again ${restarts} times`]
  const words = element(
    'div',
    {},
    element('strong', {}, name),
    ' ',
    element('span', { class: 'about' }, `in ${pod}`),
    element('p', { class: 'about' }, [image, ...again].join(' · ')),
  )
  const state = element('span', { class: 'state' }, ready ? 'Ready' : 'Not ready')
  const actions = element('div', { class: 'actions' }, state, link('Logs', 'logs'), link('Terminal', 'terminal'))
  return element('li', { 'data-state': ready ? 'Running' : 'Starting' }, words, actions)
}
