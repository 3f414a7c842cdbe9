import { contract, startingTemplate, type TemplateText } from '@karvdash/common'
import type { OwnContext, Screen } from '../context.ts'
import { element, setText } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import { hashOf, type Route } from '../routes.ts'
import { takeText } from './draft.ts'
import { drawEditing } from './editing.ts'

type TemplateRoute = Extract<Route, { screen: 'template' }>

/** What an editor begins with. */
export interface Begun extends Partial<Pick<TemplateText, 'version'>> {
  source: string
  /** What was done to a text that was converted. */
  report: string[]
}

/** Where a template is written. */
export function templateScreen(route: TemplateRoute, context: OwnContext): Screen {
  const title = route.id === undefined ? 'New template' : `Template ${route.id}`
  const heading = element('h1', { tabindex: -1 }, title)
  const node = element('div', { 'aria-busy': 'true' }, heading)
  const onSaved = (id: string) => setText(heading, `Template ${id}`)
  beginning(route, context)
    .then(
      (begun) => node.append(...drawEditing({ ...route, begun, onSaved }, context)),
      (failure: unknown) => context.signal.aborted || node.append(notThere(route, failure)),
    )
    .finally(() => node.removeAttribute('aria-busy'))
  return { title, node }
}

async function beginning({ id, from }: TemplateRoute, { api, signal }: OwnContext): Promise<Begun> {
  const textOf = (template: string) => api.call(contract.getTemplateText, { params: { template } }, { signal })
  if (id !== undefined) return { report: [], ...(await textOf(id)) }
  if (from === undefined) return takeText() ?? { source: startingTemplate, report: [] }
  return { source: renamed((await textOf(from)).source, from), report: [] }
}

/** A copy needs an id of its own: the other one's is taken. */
export function renamed(source: string, id: string): string {
  return source.replace(/^id:.*$/m, `id: my-${id}`.slice(0, 44))
}

function notThere({ home }: TemplateRoute, failure: unknown): HTMLElement {
  return element(
    'div',
    {},
    element('p', { role: 'alert', class: 'empty' }, sentenceOf(failure)),
    element('a', { href: hashOf({ screen: 'templates', home }) }, 'All of them'),
  )
}
