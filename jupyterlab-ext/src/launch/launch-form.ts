import {
  contract,
  existingService,
  type FieldError,
  type Launched,
  launchBody,
  launchErrors,
  type SavedLaunch,
  type TemplateDescription,
  type TransferClient,
} from '@karvdash/common'
import { Widget } from '@lumino/widgets'
import { button, element } from '../panel/element.ts'
import { drawField, namePlan } from '../panel/field.ts'
import { type Complaints, complaintsOf } from './form.ts'
import { type Draft, drawGauges } from './gauges.ts'
import { drawValues, type ValueFields } from './value-form.ts'

/** What a launch form needs. */
export interface LaunchPorts {
  client: TransferClient
  user: string
  onLaunched: (launched: Launched) => void
  onCancel: () => void
  /** Shows what it would create. @throws Problem with the fields that are wrong */
  preview: ((draft: Draft) => Promise<void>) | undefined
  /** Asks for a name, and keeps the values under it. */
  save: (values: Record<string, unknown>, before: SavedLaunch | undefined) => Promise<void>
}

/** What a form begins with: a saved launch, or values that are known already. */
export interface Begun {
  saved?: SavedLaunch | undefined
  filled?: Record<string, unknown>
}

/** The form of a template, drawn from its variables, filled in as it begins. */
export function launchForm(template: TemplateDescription, { saved, filled = saved?.values }: Begun, ports: LaunchPorts): Widget {
  const name = drawField(namePlan(template, ports.user))
  const drawn = drawValues(template, filled)
  const complaints = complaintsOf([name, ...drawn.fields])
  const errors = () => launchErrors(template, name.text(), drawn.values())
  const draft = () => launchBody(template, name.text(), drawn.values())
  const draftOf = (): Draft => ({ ...(name.text().trim() !== '' && { name: name.text().trim() }), values: drawn.values() })
  const gauges = drawGauges(ports.client, template.id, () => (errors().length === 0 ? draftOf() : undefined))
  // The same launch sent again, such as after a connection that broke, gives the same service: whatever is entered is another.
  let key = crypto.randomUUID()
  const buttons: HTMLButtonElement[] = []
  const act = acting(buttons, complaints, errors)
  const existing = showingExisting()
  const launch = existing.during(async () =>
    ports.onLaunched(await ports.client.call(contract.launchService, { body: { ...draft(), key } })),
  )
  const { preview } = ports
  buttons.push(
    element('button', { type: 'submit', class: 'jp-mod-styled jp-mod-accept' }, 'Launch'),
    ...(preview ? [button('Preview', {}, () => void act(() => preview(draftOf())))] : []),
    button('Save …', {}, () => void act(() => ports.save(drawn.values(), saved))),
  )
  const form = element(
    'form',
    {
      class: 'jp-Karvdash-form',
      novalidate: true,
      'aria-label': `Launch ${template.name}`,
      input() {
        key = crypto.randomUUID()
        drawn.hideUnasked()
        gauges.look()
      },
      submit(event) {
        event.preventDefault()
        void act(launch)
      },
    },
    ...introduction(template, saved),
    name.node,
    ...drawn.layout,
    complaints.node,
    existing.node,
    gauges.node,
    element('div', { class: 'jp-Karvdash-actions' }, ...buttons, button('Cancel', {}, ports.onCancel)),
  )
  return begun(form, drawn, gauges)
}

/** Does one thing at a time, and only where nothing is wrong. */
function acting(buttons: readonly HTMLButtonElement[], complaints: Complaints, errors: () => FieldError[]) {
  return async (work: () => Promise<unknown>): Promise<void> => {
    const wrong = errors()
    complaints.show(wrong)
    if (wrong.length > 0) return
    for (const one of buttons) one.disabled = true
    await complaints.attempt(work)
    for (const one of buttons) one.disabled = false
  }
}

/** Where a launch is refused for a service that there is already, shows the way to that one. */
function showingExisting() {
  const node = element('p', {})
  const during = (work: () => Promise<void>) => async () => {
    node.replaceChildren()
    try {
      await work()
    } catch (refusal) {
      const { name, url } = existingService(refusal) ?? {}
      if (url !== undefined) node.append(element('a', { href: url, target: '_blank', rel: 'noopener' }, `Open ${name}`))
      throw refusal
    }
  }
  return { node, during }
}

function introduction(template: TemplateDescription, saved: SavedLaunch | undefined): HTMLElement[] {
  const about = saved
    ? `${template.name}, as you saved it. Passwords are not kept.`
    : (template.longDescription ?? template.description)
  return [element('h2', {}, saved ? saved.label : `Launch ${template.name}`), element('p', {}, about)]
}

function begun(form: HTMLElement, drawn: ValueFields, gauges: ReturnType<typeof drawGauges>): Widget {
  drawn.hideUnasked()
  gauges.look()
  // In a box: JupyterLab gives the roles of the main area to the widget's own node.
  const widget = new Widget({ node: element('div', { class: 'jp-Karvdash' }, form) })
  widget.disposed.connect(() => gauges.dispose())
  return widget
}
