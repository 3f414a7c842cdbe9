import { checkValues, type Field, formFields, type HasVariables, parseInput } from './form.ts'
import { ServiceName } from './names.ts'
import type { FieldError } from './problem.ts'
import type { TemplateDescription } from './template.ts'
import type { Values } from './value.ts'
import { askedFields } from './when.ts'

/** Where errors about the name of a service point. */
export const namePointer = '/name'

/** Where errors about a field's value point. */
export function valuePointer({ name }: Pick<Field, 'name'>): string {
  return `/values/${name}`
}

/** Whether an error is about a field: it points at it, or into it. */
export function isAbout({ pointer }: Pick<FieldError, 'pointer'>, field: string): boolean {
  return pointer === field || pointer.startsWith(`${field}/`)
}

/** The text that a field shows at first. */
export function firstText({ default: preset }: Field): string {
  return preset === undefined || preset === null ? '' : String(preset)
}

/** A field as a form shows it that was filled in before, such as by a saved launch: those values take the place of its default. */
export function filledIn(field: Field, filled: Record<string, unknown>): Field {
  const value = Object.hasOwn(filled, field.name) ? filled[field.name] : undefined
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { ...field, default: value }
  return field
}

/** Whether something advanced was filled in with another value than the template's own: then it is not folded away. */
export function showsAdvanced(template: HasVariables, filled: Record<string, unknown>): boolean {
  return formFields(template).some((field) => field.advanced && firstText(filledIn(field, filled)) !== firstText(field))
}

/** What may be entered in a field, as a sentence. */
export function hintSentence({ hint, generated }: Field): string {
  return `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.${generated ? ' Left empty, one is made for you.' : ''}`
}

/** The values to send, of the text that each field has; undefined: nobody was asked, and the default holds. What a condition hides is left out. */
export function launchValues(fields: Field[], textOf: (pointer: string) => string | undefined): Values {
  const asked = fields.map((field) => ({ field, text: textOf(valuePointer(field)) }))
  const values: Values = Object.fromEntries(
    asked.flatMap(({ field, text }) => (text === undefined ? [] : [[field.name, parseInput(field, text)]])),
  )
  const shown = new Set(askedFields(fields, values).map(({ name }) => name))
  return Object.fromEntries(Object.entries(values).filter(([name]) => shown.has(name)))
}

/** What is wrong with a launch as it was entered, by the checks that the server makes too. */
export function launchErrors(template: TemplateDescription, name: string, values: Values): FieldError[] {
  const named = name.trim() === '' ? undefined : ServiceName.safeParse(name.trim()).error
  const nameErrors = (named?.issues ?? []).map(({ message }) => ({ pointer: namePointer, detail: message }))
  return [...nameErrors, ...(checkValues(template, values).errors ?? [])]
}

/** What is wrong with values that are to take the place of those of a service, where passwords that are left empty stay as they are. */
export function updateErrors(template: TemplateDescription, values: Values): FieldError[] {
  const passwords = new Set(template.variables.filter(({ type }) => type === 'password').map(({ name }) => name))
  const { errors = [] } = checkValues(template, values)
  return errors.filter(({ name }) => !(passwords.has(name) && (values[name] ?? '') === ''))
}

/** What goes to the API; without a name the platform finds one. */
export function launchBody({ id }: Pick<TemplateDescription, 'id'>, name: string, values: Values) {
  return { template: id, ...(name.trim() !== '' && { name: name.trim() }), values }
}
