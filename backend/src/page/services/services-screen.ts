import { inOrder, type Service, type TemplateDescription } from '@karvdash/common'
import type { OwnContext, Screen } from '../context.ts'
import { arrange, element } from '../element.ts'
import { drawCatalogue } from './catalogue.ts'
import { type ServiceRow, serviceRow } from './service-row.ts'
import { sharedSection } from './shared.ts'

/** What runs, and what may be launched. */
export function servicesScreen(context: OwnContext): Screen {
  const { services, signal } = context
  const heading = element('h1', { tabindex: -1 }, 'Services')
  const list = element('ul', { class: 'services', 'aria-label': 'Services' })
  const empty = element(
    'p',
    { class: 'empty', hidden: true },
    'Nothing runs yet. Launch your first service from a template below.',
  )
  const shared = element('div', {})
  const catalogue = drawCatalogue(context)
  void catalogue.loaded.then((known) => {
    shared.append(sharedSection(context, known))
    const show = drawRows(list, known, context)
    services.follow((states) => {
      const wasFocused = list.contains(document.activeElement)
      show(inOrder(states))
      empty.hidden = !states.isComplete || states.services.size > 0
      // The row that had the focus is gone.
      if (wasFocused && !list.contains(document.activeElement)) heading.focus()
    }, signal)
  })
  return { title: 'Services', node: element('div', {}, heading, empty, list, shared, catalogue.node) }
}

function drawRows(list: HTMLElement, templates: TemplateDescription[], context: OwnContext): (services: Service[]) => void {
  const rows = new Map<string, ServiceRow>()
  // Launched again under its name, it is another one.
  const keyOf = ({ name, createdAt }: Service) => `${name} ${createdAt}`
  function rowOf(service: Service): HTMLElement {
    const look = templates.find(({ id }) => id === service.template) ?? { name: service.template }
    const row = rows.get(keyOf(service)) ?? serviceRow(service, look, context)
    rows.set(keyOf(service), row)
    row.show(service)
    return row.node
  }
  return (services) => {
    const present = new Set(services.map(keyOf))
    for (const key of rows.keys()) if (!present.has(key)) rows.delete(key)
    arrange(list, services.map(rowOf))
  }
}
