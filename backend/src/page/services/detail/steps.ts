import type { ServiceStep } from '@karvdash/common'
import { arrange, element } from '../../element.ts'
import { clockOf } from '../../times.ts'
import type { Part } from './service-screen.ts'

const stepWords: Record<ServiceStep['step'], string> = {
  Recorded: 'Recorded',
  Applied: 'Objects made',
  Scheduled: 'Given to a node',
  Pulling: 'Images there',
  Starting: 'Programs started',
  Ready: 'Ready',
  Reachable: 'Reachable',
}

/** Draws how far a service came, with times. */
export function drawSteps(): Part {
  const node = element('ol', { class: 'way' })
  return {
    node,
    show({ steps = [], state }) {
      const isOnItsWay = state !== 'Stopped' && state !== 'Deleting'
      const nowWords = state === 'Failed' ? 'stopped here' : 'now'
      const current = steps.findIndex(({ at }) => at === undefined)
      arrange(
        node,
        steps.map((step, index) => drawStep(step, isOnItsWay && index === current ? nowWords : undefined)),
      )
      node.hidden = steps.length === 0
    },
  }
}

function drawStep({ step, at, detail }: ServiceStep, now: string | undefined): HTMLElement {
  const standing = at !== undefined ? 'done' : now ? 'now' : 'to come'
  const told = at !== undefined ? clockOf(at) : [now ?? 'to come', detail].filter(Boolean).join(', ')
  const attributes = { 'data-step': standing, ...(now && { 'aria-current': 'step' }) }
  return element('li', attributes, element('span', {}, stepWords[step]), ' ', element('span', { class: 'about' }, told))
}
