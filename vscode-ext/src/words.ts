import { Problem } from '@karvdash/common'

/** What went wrong, as a sentence. */
export function sentenceOf(failure: unknown): string {
  return failure instanceof Problem ? failure.message : 'Something went wrong in the extension. Try again.'
}
