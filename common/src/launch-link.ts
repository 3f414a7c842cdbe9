import type { Field } from './form.ts'
import { firstText } from './launch-form.ts'
import { ServiceName } from './names.ts'
import type { Values } from './value.ts'

/** What a link to a launch form fills in: texts for people to look at, never more. */
export interface LaunchLink {
  name?: string
  values: Record<string, string>
}

const prefix = 'values.'
const mostValues = 50
const longestValue = 10_000

/** Reads the query of a link; undefined where it fills in nothing. Whatever else stands in it is left alone. */
export function readLaunchLink(query: URLSearchParams): LaunchLink | undefined {
  const values = [...query].filter(([key, value]) => key.startsWith(prefix) && value.length <= longestValue).slice(0, mostValues)
  const name = ServiceName.safeParse(query.get('name')).data
  if (values.length === 0 && name === undefined) return undefined
  return {
    ...(name !== undefined && { name }),
    values: Object.fromEntries(values.map(([key, value]) => [key.slice(prefix.length), value])),
  }
}

/** The query of a link. */
export function launchLinkQuery({ name, values }: LaunchLink): Record<string, string> {
  const filled = Object.entries(values).map(([variable, value]) => [`${prefix}${variable}`, value])
  return { ...(name !== undefined && { name }), ...Object.fromEntries(filled) }
}

/** What a form takes of a link, and what it does not. */
export interface LinkedValues {
  values: Record<string, string>
  /** The labels of what is filled in. */
  filled: string[]
  /** What the form does not ask, or nobody may fill in for others: passwords. */
  left: string[]
}

/** What of a link goes into a form; whether that may be is checked as whatever people type. */
export function linkedValues(fields: Field[], { values }: Pick<LaunchLink, 'values'>): LinkedValues {
  const taken = fields.filter(({ name, control }) => Object.hasOwn(values, name) && control !== 'password')
  const names = new Set(taken.map(({ name }) => name))
  const isTaken = ([name]: [string, string]) => names.has(name)
  const all = Object.entries(values)
  return {
    values: Object.fromEntries(all.filter(isTaken)),
    filled: taken.map(({ label }) => label),
    left: all.filter((one) => !isTaken(one)).map(([name]) => name),
  }
}

/** A link that fills in a form as it is filled in now, as far as that is another than at first; passwords stay out of it. */
export function launchLinkOf(fields: Field[], name: string, values: Values): LaunchLink {
  const changed = fields.flatMap((field): [string, string][] => {
    const value = values[field.name]
    const text = value === undefined || value === null ? '' : String(value)
    const isKept = field.control !== 'password' && value !== undefined && text !== firstText(field)
    return isKept ? [[field.name, text]] : []
  })
  const trimmed = name.trim()
  return { ...(trimmed !== '' && { name: trimmed }), values: Object.fromEntries(changed) }
}
