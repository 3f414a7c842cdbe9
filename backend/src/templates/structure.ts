import type { Value } from '@karvdash/common'

/** A mapping or a list that an administrator wrote: the one thing that an expression prints which has parts. */
export interface Structure {
  structure: object
}

/** What an expression may print. */
export type Printable = Value | Structure

/** Whether what is printed has parts. A user's value never has: it is checked to be a text, a number, a boolean or null. */
export function isStructure(value: Printable): value is Structure {
  return typeof value === 'object' && value !== null
}
