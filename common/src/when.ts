import type { Value, Values } from './value.ts'
import type { When } from './variable.ts'

/**
 * Whether a variable, or its field, is asked for, given the values of those before it: null stands for one that was not asked for itself.
 *
 * @example isAsked({ when: { variable: 'size', equals: 'custom' } }, { size: 'small' }) === false
 */
export function isAsked({ when }: { when?: When | undefined }, values: Values): boolean {
  if (when === undefined) return true
  const value = Object.hasOwn(values, when.variable) ? values[when.variable] : null
  return [when.equals].flat().some((wanted) => wanted === value)
}

/** What {@link askedFields} has to know of a field. */
interface Conditional {
  name: string
  when?: When | undefined
  default?: Value | undefined
}

/** The fields that are asked for, of all in their order, given what stands in them now; where nothing was said, the default counts. */
export function askedFields<Field extends Conditional>(fields: readonly Field[], values: Values): Field[] {
  const known: Values = {}
  return fields.filter((field) => {
    const asked = isAsked(field, known)
    known[field.name] = asked ? (values[field.name] ?? field.default ?? null) : null
    return asked
  })
}
