import { contract, type ListedTemplate, type ServiceLaunch, type UpdateResult, updateErrors } from '@karvdash/common'
import { whileBusy } from '../../busy.ts'
import type { OwnContext } from '../../context.ts'
import { button, element, setText } from '../../element.ts'
import { drawForm } from '../../form.ts'
import { showGenerated } from '../../launch/generated.ts'
import { drawValues } from '../../launch/value-form.ts'
import { sentenceOf } from '../../problems.ts'
import { hashOf } from '../../routes.ts'
import { drawChanges } from './changes.ts'
import type { Part, ServiceRoute } from './service-screen.ts'

/** Where the values of a service are changed: first what that would change, then the change. */
export function updatePart({ service }: ServiceRoute, context: OwnContext): Part {
  const node = element('div', { 'aria-busy': 'true' })
  void load(node, service, context)
  return { node, show: () => undefined }
}

async function load(node: HTMLElement, service: string, context: OwnContext): Promise<void> {
  const { api, signal } = context
  try {
    const launch = await api.call(contract.getServiceLaunch, { params: { service } }, { signal })
    const template = await api.call(contract.getTemplate, { params: { template: launch.template } }, { signal })
    node.append(...updateForm({ service, launch, template }, context))
  } catch (failure) {
    if (!signal.aborted) node.append(element('p', { role: 'alert', class: 'empty' }, sentenceOf(failure)))
  } finally {
    node.removeAttribute('aria-busy')
  }
}

interface Updating {
  service: string
  launch: ServiceLaunch
  template: ListedTemplate
}

function updateForm({ service, launch, template }: Updating, context: OwnContext): HTMLElement[] {
  const { fields, layout, values, isAsked } = drawValues(template, launch.values, context)
  const changes = element('div', { class: 'changes', role: 'status' })
  const about = launch.isNewer
    ? 'The template is another one since: an update takes it as it is now.'
    : 'Passwords that are left empty stay as they are.'
  const form = drawForm({
    name: `Update ${service}`,
    fields,
    layout: fields.length > 0 ? layout : [element('p', {}, 'This template asks nothing.')],
    isShown: isAsked,
    submit: { label: 'Show what changes', busy: 'Looking …' },
    aside: element('a', { href: hashOf({ screen: 'service', service }), class: 'button quiet' }, 'Cancel'),
    check: () => updateErrors(template, values()),
    async send() {
      const body = { values: values(), dryRun: true }
      const result = await context.api.call(contract.updateService, { params: { service }, body })
      changes.replaceChildren(...decision({ service, result, values: body.values }, context))
      changes.querySelector<HTMLElement>('h2')?.focus()
    },
  })
  // What is changed once more has to be looked at once more.
  form.addEventListener('input', () => changes.replaceChildren())
  return [element('div', { class: 'narrow' }, element('p', { class: 'introduction' }, about), form), changes]
}

interface Deciding {
  service: string
  result: UpdateResult
  values: Record<string, unknown>
}

function decision({ service, result, values }: Deciding, context: OwnContext): HTMLElement[] {
  const heading = element('h2', { tabindex: -1 }, 'What changes')
  if (result.changes.length === 0) return [heading, element('p', {}, 'Nothing: it is as you want it already.')]
  const failed = element('p', { class: 'error', role: 'alert' })
  const apply: HTMLButtonElement = button('Apply', { class: 'primary' }, () => void whileBusy(apply, 'Applying …', update))
  async function update(): Promise<void> {
    try {
      const done = await context.api.call(contract.updateService, { params: { service }, body: { values } })
      const { generated = [], ...now } = done.service
      context.services.tell({ type: 'service', service: now })
      context.announce(`${service} is being updated.`)
      context.go({ screen: 'service', service })
      if (generated.length > 0) showGenerated(service, generated)
    } catch (failure) {
      setText(failed, sentenceOf(failure))
    }
  }
  const kept = element(
    'p',
    { class: 'about' },
    'If it does not get ready with this, it is taken back by itself, and you are told.',
  )
  return [heading, drawChanges(result.changes), kept, failed, element('div', { class: 'actions' }, apply)]
}
