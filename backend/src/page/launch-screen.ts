import {
  contract,
  type Field,
  formFields,
  launchBody,
  launchErrors,
  launchValues,
  Problem,
  safeLink,
  type TemplateDescription,
} from '@karvdash/common'
import type { OwnContext, Screen } from './context.ts'
import { arrange, element } from './element.ts'
import { type DrawnField, drawField } from './field.ts'
import { drawForm } from './form.ts'
import { grouped } from './groups.ts'
import { icon } from './icons.ts'
import { fieldPlan, namePlan } from './launch-fields.ts'
import { sentenceOf } from './problems.ts'

/** Where a template's form is filled in. */
export function launchScreen(template: string, context: OwnContext): Screen {
  const node = element('div', { class: 'narrow', 'aria-busy': 'true' }, element('h1', { tabindex: -1 }, 'Launch a service'))
  void showTemplate(node, template, context)
  return { title: 'Launch a service', node }
}

async function showTemplate(node: HTMLElement, id: string, context: OwnContext): Promise<void> {
  const { api, signal } = context
  const [heading] = node.children
  try {
    const template = await api.call(contract.getTemplate, { params: { template: id } }, { signal })
    if (heading) heading.replaceChildren(icon(template.icon), template.name)
    node.append(...introduction(template), launchForm(template, context))
  } catch (failure) {
    if (signal.aborted) return
    node.append(
      element('p', { role: 'alert', class: 'empty' }, sentenceOf(failure)),
      element('a', { href: '#/services' }, 'All templates'),
    )
  } finally {
    node.removeAttribute('aria-busy')
  }
}

function introduction({ description, longDescription }: TemplateDescription): HTMLElement[] {
  return [description, longDescription]
    .filter((text) => text !== undefined)
    .map((text) => element('p', { class: 'introduction' }, text))
}

function launchForm(template: TemplateDescription, context: OwnContext): HTMLElement {
  const { api, session, services, go, announce } = context
  const model = formFields(template)
  const name = drawField(namePlan(template.id, session.user.name))
  const drawnFields = model.map((field) => drawField(fieldPlan(field)))
  const fields = [name, ...drawnFields]
  const textOf = (pointer: string) => fields.find((field) => field.pointer === pointer)?.text() ?? ''
  const valuesNow = () => launchValues(model, textOf)
  return drawForm({
    name: `Launch ${template.name}`,
    fields,
    layout: [name.node, ...layoutOf(model, drawnFields)],
    submit: { label: 'Launch', busy: 'Launching …' },
    aside: element('a', { href: '#/services', class: 'button quiet' }, 'Cancel'),
    check: () => launchErrors(template, name.text(), valuesNow()),
    explain: linkToRunning,
    async send() {
      const service = await api.call(contract.launchService, { body: launchBody(template, name.text(), valuesNow()) })
      // The stream may have told more of it by now.
      if (!services.states().services.has(service.name)) services.tell({ type: 'service', service })
      announce(`${service.name} is launched.`)
      go({ screen: 'services' })
    },
  })
}

/** The fields as they stand: groups together, what is advanced folded away. */
function layoutOf(model: Field[], drawnFields: DrawnField[]): HTMLElement[] {
  const pairs = model.map(({ group, advanced }, index) => ({ group, advanced, node: drawnFields[index]?.node ?? element('div') }))
  const plain = pairs.filter((pair) => !pair.advanced)
  const advanced = pairs.filter((pair) => pair.advanced)
  if (advanced.length === 0) return grouped(plain)
  return [...grouped(plain), element('details', { class: 'advanced' }, element('summary', {}, 'Advanced'), ...grouped(advanced))]
}

/** A template that runs once per user says which one runs already. */
function linkToRunning(failure: unknown): HTMLElement | undefined {
  if (!(failure instanceof Problem) || failure.status !== 409) return undefined
  const { service, url } = failure.extra
  const link = safeLink(url)
  if (service === undefined || link === undefined) return undefined
  const box = element('p')
  arrange(box, [element('a', { href: link, target: '_blank', rel: 'noopener' }, `Open ${service}`)])
  return box
}
