import type { FieldError } from '@karvdash/common'
import { isBusy, whileBusy } from './busy.ts'
import { arrange, element } from './element.ts'
import type { DrawnField } from './field.ts'
import { type PlacedErrors, placeErrors, placeFailure } from './problems.ts'

/** What a form is made of. */
export interface FormPlan {
  /** Its accessible name. */
  name: string
  fields: DrawnField[]
  /** How the fields stand in it; left out: one below the other. */
  layout?: HTMLElement[]
  submit: { label: string; busy: string; isDangerous?: boolean }
  /** Stands beside the button. */
  aside?: HTMLElement
  /** What is wrong with what was entered so far. */
  check: () => FieldError[]
  /** Sends it; what it throws is shown, at the fields where it names them. */
  send: () => Promise<void>
  /** Draws what a failure says beyond its sentences. */
  explain?: (failure: unknown) => HTMLElement | undefined
}

/**
 * Draws a form. A field is checked once somebody left it, and from then on with every key; sending checks all and takes people to
 * the first field with an error.
 */
export function drawForm(plan: FormPlan): HTMLFormElement {
  const { fields } = plan
  const pointers = fields.map((field) => field.pointer)
  const button = element('button', { class: plan.submit.isDangerous ? 'danger' : 'primary' }, plan.submit.label)
  const alert = element('div', { class: 'form-alert', role: 'alert' })
  const left = new Set<DrawnField>()
  const actions = element('div', { class: 'actions' }, button, plan.aside)
  const form = element(
    'form',
    { novalidate: true, 'aria-label': plan.name },
    ...(plan.layout ?? fields.map(({ node }) => node)),
    alert,
    actions,
  )

  function show({ fields: errors, rest }: PlacedErrors, more?: HTMLElement): void {
    for (const field of fields) field.complain(left.has(field) ? errors.get(field.pointer) : undefined)
    const sentences = rest.map((text) => element('p', {}, text))
    arrange(alert, more ? [...sentences, more] : sentences)
  }
  function checkNow(): PlacedErrors {
    const placed = placeErrors(plan.check(), pointers)
    show(placed)
    return placed
  }
  async function submit(): Promise<void> {
    for (const field of fields) left.add(field)
    const { fields: errors, rest } = checkNow()
    if (errors.size + rest.length === 0) return whileBusy(button, plan.submit.busy, send)
    reveal(fields.find(({ pointer }) => errors.has(pointer)))
  }
  async function send(): Promise<void> {
    try {
      await plan.send()
    } catch (failure) {
      const placed = placeFailure(failure, pointers)
      show(placed, plan.explain?.(failure))
      reveal(fields.find(({ pointer }) => placed.fields.has(pointer)))
    }
  }
  for (const field of fields) {
    field.control.addEventListener('change', () => {
      left.add(field)
      afterPress(checkNow)
    })
    field.control.addEventListener('input', () => left.has(field) && checkNow())
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!isBusy(button)) void submit()
  })
  return form
}

/** Leaving a field by pressing a button may show an error, and the button would move away under the pointer: so it is shown when the press is over. */
function afterPress(work: () => void): void {
  if (document.documentElement.matches(':active')) addEventListener('mouseup', () => setTimeout(work), { once: true })
  else work()
}

/** Takes people to a field, also where it is folded away. */
function reveal(field: DrawnField | undefined): void {
  field?.control.closest('details')?.setAttribute('open', '')
  field?.control.focus()
}
