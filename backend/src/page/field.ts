import { type Attributes, arrange, element, setText } from './element.ts'

/** What a field is made of. */
export interface FieldPlan {
  /** Where its value stands in the request: errors are placed by it. */
  pointer: string
  label: string
  kind: 'text' | 'textarea' | 'email' | 'password' | 'switch' | 'checkbox' | 'select'
  value?: string
  /** What it is for. */
  help?: string
  /** What may be entered; an error takes its place. */
  hint?: string
  choices?: { value: string; label: string }[]
  isOptional?: boolean
  /** The group of fields it stands in, by its name. */
  group?: string
  attributes?: Attributes
  /** What stands beside the control and helps to fill it in. */
  beside?: (control: Control) => HTMLElement
}

export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** A field on the page. */
export interface DrawnField {
  pointer: string
  node: HTMLElement
  control: Control
  /** What was entered; a switch and a checkbox say true or false. */
  text(): string
  /** Shows what is wrong with it, or that nothing is. */
  complain(error: string | undefined): void
}

let drawnFields = 0

/** Draws a field: a label, what helps, the control, and one line for the hint or the error. */
export function drawField(plan: FieldPlan): DrawnField {
  const id = `field-${++drawnFields}`
  const control = drawControl(plan, { id, 'aria-describedby': `${id}-help ${id}-hint`, ...plan.attributes })
  const hint = element('p', { id: `${id}-hint`, class: 'hint', 'aria-live': 'polite' }, plan.hint ?? '')
  const label = element('label', { for: id }, plan.label)
  if (plan.isOptional) label.append(' ', element('span', { class: 'optional' }, 'optional'))
  const help = element('p', { id: `${id}-help`, class: 'help' }, plan.help ?? '')
  const shown = plan.beside ? element('div', { class: 'helped' }, control, plan.beside(control)) : control
  const isTicked = plan.kind === 'switch' || plan.kind === 'checkbox'
  const parts = isTicked ? [element('div', { class: plan.kind }, control, label), help, hint] : [label, help, shown, hint]
  return {
    pointer: plan.pointer,
    node: element('div', { class: plan.kind === 'checkbox' ? 'field ticked' : 'field' }, ...parts),
    control,
    text: () => (control instanceof HTMLInputElement && control.type === 'checkbox' ? String(control.checked) : control.value),
    complain(error) {
      control.setAttribute('aria-invalid', String(error !== undefined))
      hint.classList.toggle('error', error !== undefined)
      setText(hint, error ?? plan.hint ?? '')
    },
  }
}

function drawControl({ kind, value = '', choices = [] }: FieldPlan, attributes: Attributes): Control {
  if (kind === 'select') {
    const select = element('select', attributes)
    arrange(
      select,
      choices.map((choice) => element('option', { value: choice.value }, choice.label)),
    )
    select.value = value
    return select
  }
  if (kind === 'checkbox') return element('input', { type: 'checkbox', checked: value === 'true', ...attributes })
  if (kind === 'switch') return element('input', { type: 'checkbox', role: 'switch', checked: value === 'true', ...attributes })
  if (kind === 'textarea') {
    const area = element('textarea', { rows: 6, spellcheck: 'false', ...attributes })
    area.value = value
    return area
  }
  // Type email would let the browser alter what is typed; the check is ours.
  const type = kind === 'password' ? 'password' : 'text'
  const plainText = { autocapitalize: 'none', spellcheck: 'false', ...(kind === 'email' && { inputmode: 'email' }) }
  return element('input', { type, value, autocomplete: 'off', ...plainText, ...attributes })
}
