import type { OwnContext, Screen } from '../context.ts'
import { element } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import { section } from '../section.ts'
import { healthPart } from './health.ts'
import { noticePart } from './notice-form.ts'
import { usagePart } from './usage.ts'

/** How the platform is, what its users have, and what they are told. */
export function platformScreen(context: OwnContext): Screen {
  const heading = element('h1', { tabindex: -1 }, 'Platform')
  const parts = [
    loaded('Health', healthPart(context), context),
    loaded('Notice', noticePart(context), context),
    loaded('Usage', usagePart(context), context),
  ]
  return { title: 'Platform', node: element('div', { class: 'parts' }, heading, ...parts) }
}

function loaded(title: string, nodes: Promise<HTMLElement[]>, { signal }: OwnContext): HTMLElement {
  const node = section(title)
  node.setAttribute('aria-busy', 'true')
  nodes
    .then(
      (children) => node.append(...children),
      (failure: unknown) => !signal.aborted && node.append(element('p', { role: 'alert', class: 'error' }, sentenceOf(failure))),
    )
    .finally(() => node.removeAttribute('aria-busy'))
  return node
}
