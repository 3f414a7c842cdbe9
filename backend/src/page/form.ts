import type { FieldError } from '@karvdash/common'
import { isBusy, whileBusy } from './busy.ts'
import { arrange, element, button as pressable } from './element.ts'
import type { DrawnField } from './field.ts'
import { type PlacedErrors, placeErrors, placeFailure } from './problems.ts'

/** What a form is made of. */
export interface FormPlan {
  /** Its accessible name. */
  name: string
  fields: DrawnField[]
  /** How the fields stand in it; left out: one below the other. */
  layout?: HTMLElement[]
  /** Whether a field stands in the form, given what was entered so far; left out: all do. */
  isShown?: (pointer: string) => boolean
  submit: { label: string; busy: string; isDangerous?: boolean }
  /** Stands beside the button. */
  aside?: HTMLElement
  /** What else may be done with what was entered, once it is right. */
  others?: { label: string; busy: string; work: () => Promise<void> }[]
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
  const others = (plan.others ?? []).map(({ label, busy, work }) => {
    const other: HTMLButtonElement = pressable(label, {}, () => void submit(other, busy, work))
    return other
  })
  const actions = element('div', { class: 'actions' }, button, ...others, plan.aside)
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
  async function submit(pressed: HTMLButtonElement, busy: string, work: () => Promise<void>): Promise<void> {
    for (const field of fields) left.add(field)
    const { fields: errors, rest } = checkNow()
    if (errors.size + rest.length === 0) return whileBusy(pressed, busy, () => done(work))
    reveal(fields.find(({ pointer }) => errors.has(pointer)))
  }
  async function done(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (failure) {
      const placed = placeFailure(failure, pointers)
      show(placed, plan.explain?.(failure))
      reveal(fields.find(({ pointer }) => placed.fields.has(pointer)))
    }
  }
  checkOnceLeft(fields, left, checkNow)
  form.addEventListener('input', () => hideUnasked(form, plan))
  hideUnasked(form, plan)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!isBusy(button)) void submit(button, plan.submit.busy, plan.send)
  })
  return form
}

function checkOnceLeft(fields: DrawnField[], left: Set<DrawnField>, checkNow: () => void): void {
  for (const field of fields) {
    field.control.addEventListener('change', () => {
      left.add(field)
      afterPress(checkNow)
    })
    field.control.addEventListener('input', () => left.has(field) && checkNow())
  }
}

/** Hides what is not asked for as things stand, and groups of which nothing is left. */
function hideUnasked(form: HTMLFormElement, { fields, isShown }: FormPlan): void {
  if (!isShown) return
  for (const field of fields) field.node.hidden = !isShown(field.pointer)
  for (const box of form.querySelectorAll<HTMLElement>('fieldset, details'))
    box.hidden = !box.querySelector('.field:not([hidden])')
}

/** What would move a button away under the pointer that presses it, such as an error in a field that was left by the press, waits until the press is over. */
export function afterPress(work: () => void): void {
  if (document.documentElement.matches(':active')) addEventListener('mouseup', () => setTimeout(work), { once: true })
  else work()
}

/** Takes people to a field, also where it is folded away. */
function reveal(field: DrawnField | undefined): void {
  field?.control.closest('details')?.setAttribute('open', '')
  field?.control.focus()
}
