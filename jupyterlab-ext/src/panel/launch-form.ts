import {
  contract,
  type FieldError,
  formFields,
  isAbout,
  launchBody,
  launchErrors,
  launchValues,
  Problem,
  type Service,
  type TemplateDescription,
  type TransferClient,
} from '@karvdash/common'
import { Widget } from '@lumino/widgets'
import { sentenceOf } from '../jupyter.ts'
import { button, element } from './element.ts'
import { drawField, fieldPlan, namePlan } from './field.ts'

/** What a launch form needs. */
export interface LaunchPorts {
  client: TransferClient
  user: string
  onLaunched: (service: Service) => void
  onCancel: () => void
}

/** The form of a template, drawn from its variables. */
export function launchForm(template: TemplateDescription, ports: LaunchPorts): Widget {
  const model = formFields(template)
  const name = drawField(namePlan(template, ports.user))
  const drawn = model.map((field) => ({ field, ...drawField(fieldPlan(field)) }))
  const fields = [name, ...drawn]
  const failure = element('p', { role: 'alert', class: 'jp-Karvdash-hint jp-mod-error' })
  const submit = element('button', { type: 'submit', class: 'jp-mod-styled jp-mod-accept' }, 'Launch')
  const textOf = (pointer: string) => fields.find((field) => field.pointer === pointer)?.text() ?? ''
  const advanced = drawn.filter(({ field }) => field.advanced).map(({ node }) => node)

  function complain(errors: FieldError[]): void {
    for (const field of fields) field.complain(errors.find((error) => isAbout(error, field.pointer))?.detail)
    const rest = errors.filter((error) => !fields.some((field) => isAbout(error, field.pointer)))
    failure.textContent = rest.map(({ detail }) => detail).join(' ')
    fields.find((field) => field.control.getAttribute('aria-invalid') === 'true')?.control.focus()
  }
  async function launch(): Promise<void> {
    const values = launchValues(model, textOf)
    const errors = launchErrors(template, name.text(), values)
    complain(errors)
    if (errors.length > 0 || submit.disabled) return
    submit.disabled = true
    try {
      const body = launchBody(template, name.text(), values)
      ports.onLaunched(await ports.client.call(contract.launchService, { body }))
    } catch (refusal) {
      complain(refusal instanceof Problem && refusal.errors ? refusal.errors : [{ pointer: '', detail: sentenceOf(refusal) }])
    } finally {
      submit.disabled = false
    }
  }
  const form = element(
    'form',
    {
      class: 'jp-Karvdash-form',
      novalidate: true,
      'aria-label': `Launch ${template.name}`,
      submit: (event) => {
        event.preventDefault()
        void launch()
      },
    },
    element('h2', {}, `Launch ${template.name}`),
    element('p', {}, template.longDescription ?? template.description),
    name.node,
    ...drawn.filter(({ field }) => !field.advanced).map(({ node }) => node),
    ...(advanced.length > 0 ? [element('details', {}, element('summary', {}, 'Advanced'), ...advanced)] : []),
    failure,
    element('div', { class: 'jp-Karvdash-actions' }, submit, button('Cancel', {}, ports.onCancel)),
  )
  // In a box: JupyterLab gives the roles of the main area to the widget's own node.
  return new Widget({ node: element('div', { class: 'jp-Karvdash' }, form) })
}
