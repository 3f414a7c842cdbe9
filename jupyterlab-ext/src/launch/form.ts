import { type FieldError, isAbout, Problem } from '@karvdash/common'
import { sentenceOf } from '../jupyter.ts'
import { element } from '../panel/element.ts'
import type { DrawnField } from '../panel/field.ts'

/** Fields, with the place where is told what is about none of them. */
export interface Complaints {
  /** Where that is told. */
  node: HTMLElement
  show(errors: FieldError[]): void
  /** Does something; what is refused stands at the fields it is about. Tells whether it was done. */
  attempt(work: () => Promise<unknown>): Promise<boolean>
}

/** Complaints about the fields of a form. */
export function complaintsOf(fields: DrawnField[]): Complaints {
  const node = element('p', { role: 'alert', class: 'jp-Karvdash-hint jp-mod-error' })
  function show(errors: FieldError[]): void {
    for (const field of fields) field.complain(errors.find((error) => isAbout(error, field.pointer))?.detail)
    const shown = fields.filter((field) => !field.node.hidden)
    node.textContent = errors
      .filter((error) => !shown.some((field) => isAbout(error, field.pointer)))
      .map(({ detail }) => detail)
      .join(' ')
    const wrong = fields.find(({ control }) => control.getAttribute('aria-invalid') === 'true')?.control
    // What is wrong may be folded away.
    const folded = wrong?.closest('details')
    if (folded) folded.open = true
    wrong?.focus()
  }
  return {
    node,
    show,
    async attempt(work) {
      try {
        await work()
        return true
      } catch (refusal) {
        show(refusal instanceof Problem && refusal.errors ? refusal.errors : [{ pointer: '', detail: sentenceOf(refusal) }])
        return false
      }
    },
  }
}
