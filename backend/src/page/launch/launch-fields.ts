import { type Field, firstText, hintSentence, longestServiceName, namePointer, valuePointer } from '@karvdash/common'
import type { FieldPlan } from '../field.ts'

const kinds = ['switch', 'select', 'password', 'textarea'] as const

/** How a field of the one form model is drawn on the page. */
export function fieldPlan(field: Field): FieldPlan {
  const { label, help, control, limits, required } = field
  const hint = hintOf(field)
  const value = firstText(field)
  return {
    pointer: valuePointer(field),
    label,
    kind: kinds.find((kind) => kind === control) ?? 'text',
    value,
    isOptional: !required && value === '' && control !== 'switch' && control !== 'select',
    ...(help !== undefined && { help }),
    ...(hint !== undefined && { hint }),
    ...(control === 'select' && { choices: choicesOf(field) }),
    attributes: {
      maxlength: limits.maxLength,
      ...(control === 'number' && { inputmode: limits.integer ? 'numeric' : 'decimal' }),
      ...(control === 'password' && { autocomplete: 'new-password' }),
      ...(control === 'entry' && { placeholder: `/${limits.domains?.[0] ?? 'local'}/…` }),
    },
  }
}

/** Draws the field for the service's name; the template's id is the name nobody chose. */
export function namePlan(template: string, user: string): FieldPlan {
  return {
    pointer: namePointer,
    label: 'Name',
    kind: 'text',
    isOptional: true,
    hint: `Lower-case letters, digits and hyphens; it becomes part of the address. Left empty: ${template}.`,
    attributes: { maxlength: longestServiceName(user), placeholder: template },
  }
}

function hintOf(field: Field): string | undefined {
  return field.control === 'switch' || field.control === 'select' ? undefined : hintSentence(field)
}

/** A choice that nobody made yet has to be made. */
function choicesOf({ choices = [], default: preset }: Field): { value: string; label: string }[] {
  return preset === undefined ? [{ value: '', label: 'Choose …' }, ...choices] : choices
}
