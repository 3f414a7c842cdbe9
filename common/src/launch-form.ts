import { checkValues, type Field, parseInput } from './form.ts'
import { ServiceName } from './names.ts'
import type { FieldError } from './problem.ts'
import type { TemplateDescription } from './template.ts'
import type { Values } from './value.ts'

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

/** What may be entered in a field, as a sentence. */
export function hintSentence({ hint, generated }: Field): string {
  return `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.${generated ? ' Left empty, one is made for you.' : ''}`
}

/** The values to send, of the text that each field has; undefined: nobody was asked, and the default holds. */
export function launchValues(fields: Field[], textOf: (pointer: string) => string | undefined): Values {
  const asked = fields.map((field) => ({ field, text: textOf(valuePointer(field)) }))
  return Object.fromEntries(
    asked.flatMap(({ field, text }) => (text === undefined ? [] : [[field.name, parseInput(field, text)]])),
  )
}

/** What is wrong with a launch as it was entered, by the checks that the server makes too. */
export function launchErrors(template: TemplateDescription, name: string, values: Values): FieldError[] {
  const named = name.trim() === '' ? undefined : ServiceName.safeParse(name.trim()).error
  const nameErrors = (named?.issues ?? []).map(({ message }) => ({ pointer: namePointer, detail: message }))
  return [...nameErrors, ...(checkValues(template, values).errors ?? [])]
}

/** What goes to the API; without a name the platform finds one. */
export function launchBody({ id }: Pick<TemplateDescription, 'id'>, name: string, values: Values) {
  return { template: id, ...(name.trim() !== '' && { name: name.trim() }), values }
}
