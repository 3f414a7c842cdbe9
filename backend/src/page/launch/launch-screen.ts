import {
  contract,
  existingService,
  formFields,
  type LaunchLink,
  type ListedTemplate,
  launchBody,
  launchErrors,
  linkedValues,
  namePointer,
  type SavedLaunch,
} from '@karvdash/common'
import type { OwnContext, Screen } from '../context.ts'
import { element } from '../element.ts'
import { drawField } from '../field.ts'
import { drawForm } from '../form.ts'
import { icon } from '../icons.ts'
import { sentenceOf } from '../problems.ts'
import { hashOf, type Route } from '../routes.ts'
import { drawGauges } from './gauges.ts'
import { showGenerated } from './generated.ts'
import { namePlan } from './launch-fields.ts'
import { filledNote, showLink } from './links.ts'
import { showPreview } from './preview.ts'
import { askToSave, forgetButton } from './saved-launches.ts'
import { drawValues } from './value-form.ts'

type LaunchRoute = Extract<Route, { screen: 'launch' }>

/** Where a template's form is filled in, with the values of a saved launch where one is named, or with what a link says. Nothing is launched before people say so. */
export function launchScreen(route: LaunchRoute, context: OwnContext): Screen {
  const node = element('div', { class: 'narrow', 'aria-busy': 'true' }, element('h1', { tabindex: -1 }, 'Launch a service'))
  void showTemplate(node, route, context)
  return { title: 'Launch a service', node }
}

async function showTemplate(
  node: HTMLElement,
  { template: id, saved: name, link }: LaunchRoute,
  context: OwnContext,
): Promise<void> {
  const { api, signal } = context
  const [heading] = node.children
  try {
    const [template, launches] = await Promise.all([
      api.call(contract.getTemplate, { params: { template: id } }, { signal }),
      name === undefined ? { items: [] } : api.call(contract.listLaunches, {}, { signal }),
    ])
    const saved = launches.items.find((one) => one.name === name && one.template === id)
    if (heading) heading.replaceChildren(icon(template.icon), saved?.label ?? template.name)
    node.append(...introduction(template, saved), ...launchForm({ template, saved, link }, context))
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

function introduction({ name, description, longDescription }: ListedTemplate, saved: SavedLaunch | undefined): HTMLElement[] {
  const texts = saved ? [`${name}, as you saved it. Passwords are not kept.`] : [description, longDescription]
  return texts.filter((text) => text !== undefined).map((text) => element('p', { class: 'introduction' }, text))
}

interface Filling {
  template: ListedTemplate
  saved: SavedLaunch | undefined
  link: LaunchLink | undefined
}

function launchForm({ template, saved, link }: Filling, context: OwnContext): HTMLElement[] {
  const { api, session, services, go, announce } = context
  const name = drawField({ ...namePlan(template.id, session.user.name), value: link?.name ?? '' })
  const linked = link && linkedValues(formFields(template), link)
  const { fields, layout, values, isAsked } = drawValues(template, linked?.values ?? saved?.values ?? {}, context)
  const draft = () => launchBody(template, name.text(), values())
  const errors = () => launchErrors(template, name.text(), values())
  const gauges = drawGauges({ template: template.id, draft: () => (errors().length === 0 ? draft() : undefined) }, context)
  const form = drawForm({
    name: `Launch ${template.name}`,
    fields: [name, ...fields],
    layout: [name.node, ...layout, gauges.node],
    isShown: (pointer) => pointer === namePointer || isAsked(pointer),
    submit: { label: 'Launch', busy: 'Launching …' },
    others: [
      { label: 'Preview', busy: 'Asking the cluster …', work: () => showPreview(template.id, draft(), context) },
      { label: 'Link …', busy: 'Link …', work: () => showLink(template, name.text(), values()) },
      { label: 'Save …', busy: 'Saving …', work: () => askToSave({ template: template.id, values: values(), saved }, context) },
    ],
    aside: element('span', { class: 'actions' }, saved && forgetButton(saved, context), cancel()),
    check: errors,
    explain: linkToRunning,
    async send() {
      const { generated = [], ...service } = await api.call(contract.launchService, { body: draft() })
      // The stream may have told more of it by now.
      if (!services.states().services.has(service.name)) services.tell({ type: 'service', service })
      announce(`${service.name} is launched.`)
      go({ screen: 'services' })
      if (generated.length > 0) showGenerated(service.name, generated)
    },
  })
  gauges.follow(form)
  return [...(linked ? [filledNote(linked)] : []), form]
}

function cancel(): HTMLElement {
  return element('a', { href: '#/services', class: 'button quiet' }, 'Cancel')
}

/** A template that runs once per user says which one there is already: its own screen tells how it stands, also where it cannot be opened. */
function linkToRunning(failure: unknown): HTMLElement | undefined {
  const existing = existingService(failure)
  if (!existing) return undefined
  const { name, url } = existing
  const opening = url !== undefined && element('a', { href: url, target: '_blank', rel: 'noopener' }, `Open ${name}`)
  const about = element('a', { href: hashOf({ screen: 'service', service: name }) }, `About ${name}`)
  return element('p', { class: 'actions' }, opening || undefined, about)
}
