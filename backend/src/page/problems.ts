import { type FieldError, isAbout, Problem } from '@karvdash/common'

/** Errors by the field they belong to, and what belongs to none. */
export interface PlacedErrors {
  /** The first error of each field, by its pointer. */
  fields: Map<string, string>
  rest: string[]
}

/** Finds each error's field: the one it points at, or the one around what it points at. */
export function placeErrors(errors: FieldError[], pointers: string[]): PlacedErrors {
  const placed: PlacedErrors = { fields: new Map(), rest: [] }
  for (const error of errors) {
    const field = pointers.find((one) => isAbout(error, one))
    if (field === undefined) placed.rest.push(error.detail)
    else if (!placed.fields.has(field)) placed.fields.set(field, error.detail)
  }
  return placed
}

/** Where the errors of a failure belong; a failure that names no field is told as a whole. */
export function placeFailure(failure: unknown, pointers: string[]): PlacedErrors {
  const errors = failure instanceof Problem ? (failure.errors ?? []) : []
  return errors.length > 0 ? placeErrors(errors, pointers) : { fields: new Map(), rest: [sentenceOf(failure)] }
}

/** What went wrong, as a sentence. */
export function sentenceOf(failure: unknown): string {
  if (failure instanceof Problem) return failure.detail ?? `${failure.title}.`
  return 'Something went wrong in this page. Reload it and try again.'
}

/** Whether the platform is away, so that trying again may help. */
export function isAway(failure: unknown): failure is Problem {
  // A domain that is away is one part: all else answers.
  if (!(failure instanceof Problem) || failure.extra['code'] === 'domain-away') return false
  return failure.status === 503 || failure.status === 504 || (failure.status === 502 && failure.title !== 'Unexpected answer')
}
