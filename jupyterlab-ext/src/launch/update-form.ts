import {
  contract,
  type Launched,
  type ObjectChange,
  type ServiceLaunch,
  type TemplateDescription,
  type TransferClient,
  updateErrors,
} from '@karvdash/common'
import { Widget } from '@lumino/widgets'
import { button, element } from '../panel/element.ts'
import { complaintsOf } from './form.ts'
import { drawValues } from './value-form.ts'

/** What is updated, and how it was launched. */
export interface Updating {
  service: string
  launch: ServiceLaunch
  template: TemplateDescription
}

export interface UpdatePorts {
  client: TransferClient
  onUpdated: (launched: Launched) => void
  onCancel: () => void
}

/** Where the values of a service are changed: first what that would change, then the change. */
export function updateForm({ service, launch, template }: Updating, ports: UpdatePorts): Widget {
  const drawn = drawValues(template, launch.values)
  const complaints = complaintsOf(drawn.fields)
  const changes = element('div', { class: 'jp-Karvdash-changes', role: 'status' })
  const look = element('button', { type: 'submit', class: 'jp-mod-styled jp-mod-accept' }, 'Show what changes')
  const ask = (dryRun: boolean, values: Record<string, unknown>) =>
    ports.client.call(contract.updateService, { params: { service }, body: { values, dryRun } })
  async function show(): Promise<void> {
    const values = drawn.values()
    const wrong = updateErrors(template, values)
    complaints.show(wrong)
    if (wrong.length > 0 || look.disabled) return
    look.disabled = true
    await complaints.attempt(async () => {
      const result = await ask(true, values)
      const apply: HTMLButtonElement = button('Apply', {}, () => void update(apply, values), true)
      changes.replaceChildren(...decision(result.changes, apply))
      apply.focus()
    })
    look.disabled = false
  }
  async function update(apply: HTMLButtonElement, values: Record<string, unknown>): Promise<void> {
    apply.disabled = true
    const isDone = await complaints.attempt(async () => ports.onUpdated((await ask(false, values)).service))
    if (!isDone) apply.disabled = false
  }
  const form = element(
    'form',
    {
      class: 'jp-Karvdash-form',
      novalidate: true,
      'aria-label': `Update ${service}`,
      input() {
        drawn.hideUnasked()
        // What is changed once more has to be looked at once more.
        changes.replaceChildren()
      },
      submit(event) {
        event.preventDefault()
        void show()
      },
    },
    element('h2', {}, `Update ${service}`),
    element('p', {}, aboutOf(launch)),
    ...(drawn.layout.length > 0 ? drawn.layout : [element('p', {}, 'This template asks nothing.')]),
    complaints.node,
    element('div', { class: 'jp-Karvdash-actions' }, look, button('Cancel', {}, ports.onCancel)),
  )
  drawn.hideUnasked()
  return new Widget({ node: element('div', { class: 'jp-Karvdash' }, form, changes) })
}

function aboutOf({ isNewer }: ServiceLaunch): string {
  const kept = 'Passwords that are left empty stay as they are.'
  return isNewer ? `The template is another one since: an update takes it as it is now. ${kept}` : kept
}

function decision(changes: ObjectChange[], apply: HTMLButtonElement): HTMLElement[] {
  const heading = element('h3', {}, 'What changes')
  if (changes.length === 0) return [heading, element('p', {}, 'Nothing: it is as you want it already.')]
  const kept = 'If it does not get ready with this, it is taken back by itself, and you are told.'
  return [heading, ...changes.map(drawChange), element('p', {}, kept), element('div', { class: 'jp-Karvdash-actions' }, apply)]
}

const changeWords: Record<ObjectChange['change'], string> = { added: 'is added', removed: 'is removed', changed: 'is changed' }

function drawChange({ kind, name, change, diff }: ObjectChange): HTMLElement {
  const title = `${kind} ${name} ${changeWords[change]}`
  const text =
    diff === undefined
      ? element('p', { class: 'jp-Karvdash-hint' }, 'What is in it is not shown.')
      : element(
          'pre',
          { class: 'jp-Karvdash-diff', tabindex: 0, 'aria-label': title },
          ...diff.trimEnd().split('\n').map(drawLine),
        )
  return element('div', {}, element('p', {}, title), text)
}

const looks: Record<string, string> = { '+': 'jp-mod-added', '-': 'jp-mod-removed', '@': 'jp-Karvdash-hint' }

function drawLine(line: string): HTMLElement {
  return element('span', { class: looks[line.charAt(0)] }, `${line}\n`)
}
