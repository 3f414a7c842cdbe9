import {
  type Field,
  firstText,
  hintSentence,
  longestServiceName,
  namePointer,
  type TemplateDescription,
  valuePointer,
} from '@karvdash/common'
import { element } from './element.ts'

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** A field of a form, drawn. */
export interface DrawnField {
  /** Where errors about it point. */
  pointer: string
  node: HTMLElement
  control: Control
  text(): string
  complain(error: string | undefined): void
}

/** What the drawing of a field goes by. */
export interface FieldPlan {
  pointer: string
  label: string
  kind: 'text' | 'textarea' | 'password' | 'switch' | 'select'
  value?: string
  help?: string | undefined
  hint?: string | undefined
  choices?: { value: string; label: string }[]
  placeholder?: string | undefined
}

let drawn = 0

/** Draws a field: a label, what helps, the control, and one line for the hint or the error. */
export function drawField(plan: FieldPlan): DrawnField {
  const id = `karvdash-field-${++drawn}`
  const control = drawControl(plan, id)
  const label = element('label', { for: id }, plan.label)
  const help = element('p', { class: 'jp-Karvdash-help' }, plan.help ?? '')
  const hint = element('p', { id: `${id}-hint`, class: 'jp-Karvdash-hint', 'aria-live': 'polite' }, plan.hint ?? '')
  const parts =
    plan.kind === 'switch'
      ? [element('div', { class: 'jp-Karvdash-switch' }, control, label), help, hint]
      : [label, help, control, hint]
  return {
    pointer: plan.pointer,
    node: element('div', { class: 'jp-Karvdash-field' }, ...parts),
    control,
    text: () => (control instanceof HTMLInputElement && control.type === 'checkbox' ? String(control.checked) : control.value),
    complain(error) {
      control.setAttribute('aria-invalid', String(error !== undefined))
      // Not `jp-mod-error`: in a dialog of JupyterLab that keeps the button from being pressed again.
      hint.classList.toggle('jp-mod-wrong', error !== undefined)
      hint.textContent = error ?? plan.hint ?? ''
    },
  }
}

const kinds = ['switch', 'select', 'password', 'textarea'] as const

/** How a field of the one form model is drawn. */
export function fieldPlan(field: Field): FieldPlan {
  const { label, help, control, choices = [], required } = field
  const value = firstText(field)
  const isPlain = control !== 'switch' && control !== 'select'
  return {
    pointer: valuePointer(field),
    label: required || !isPlain || value !== '' ? label : `${label} (optional)`,
    kind: kinds.find((kind) => kind === control) ?? 'text',
    value,
    help,
    hint: isPlain ? hintSentence(field) : undefined,
    choices: value === '' ? [{ value: '', label: 'Choose …' }, ...choices] : choices,
    placeholder: control === 'entry' ? `/${field.limits.domains?.[0] ?? 'local'}/…` : undefined,
  }
}

/** The field for a service's name; the template's id is the name nobody chose. */
export function namePlan({ id }: TemplateDescription, user: string): FieldPlan {
  const hint = `Lower-case letters, digits and hyphens, at most ${longestServiceName(user)}; it becomes part of the address. Left empty: ${id}.`
  return { pointer: namePointer, label: 'Name (optional)', kind: 'text', hint, placeholder: id }
}

function drawControl({ kind, value = '', choices = [], placeholder }: FieldPlan, id: string): Control {
  const common = { id, 'aria-describedby': `${id}-hint` }
  if (kind === 'select') {
    const select = element(
      'select',
      { class: 'jp-mod-styled', ...common },
      ...choices.map((one) => element('option', { value: one.value }, one.label)),
    )
    select.value = value
    return select
  }
  if (kind === 'switch') return element('input', { type: 'checkbox', checked: value === 'true', ...common })
  if (kind === 'textarea') {
    const area = element('textarea', { class: 'jp-mod-styled', rows: 6, spellcheck: 'false', ...common })
    area.value = value
    return area
  }
  const autocomplete = kind === 'password' ? 'new-password' : 'off'
  return element('input', {
    type: kind,
    class: 'jp-mod-styled',
    value,
    placeholder,
    autocomplete,
    spellcheck: 'false',
    ...common,
  })
}
