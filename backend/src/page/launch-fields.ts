import {
  checkValues,
  type Field,
  type FieldError,
  longestServiceName,
  parseInput,
  ServiceName,
  type TemplateDescription,
  type Values,
} from '@karvdash/common'
import type { FieldPlan } from './field.ts'

/** How a field of the one form model is drawn on the page. */
export function fieldPlan(field: Field): FieldPlan {
  const { name, label, help, control, limits, required } = field
  const hint = hintOf(field)
  const value = field.default === undefined || field.default === null ? '' : String(field.default)
  return {
    pointer: `/values/${name}`,
    label,
    kind: control === 'switch' || control === 'select' || control === 'password' ? control : 'text',
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

/** The name of a service, and what is wrong with it. */
export const namePointer = '/name'

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

/** The values to send, of what was entered. */
export function launchValues(fields: Field[], textOf: (pointer: string) => string): Values {
  return Object.fromEntries(fields.map((field) => [field.name, parseInput(field, textOf(`/values/${field.name}`))]))
}

/** What is wrong with a launch as it was entered. */
export function launchErrors(template: TemplateDescription, name: string, values: Values): FieldError[] {
  const named = name === '' ? undefined : ServiceName.safeParse(name).error
  const nameErrors = (named?.issues ?? []).map(({ message }) => ({ pointer: namePointer, detail: message }))
  return [...nameErrors, ...(checkValues(template, values).errors ?? [])]
}

function hintOf({ control, hint, generated }: Field): string | undefined {
  if (control === 'switch' || control === 'select') return undefined
  const sentence = `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.`
  return generated ? `${sentence} Left empty, one is made for you.` : sentence
}

function choicesOf({ choices = [], required, default: preset }: Field): { value: string; label: string }[] {
  return required && preset !== undefined
    ? choices
    : preset === undefined
      ? [{ value: '', label: 'Choose …' }, ...choices]
      : choices
}
