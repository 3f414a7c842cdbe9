import {
  askedFields,
  type Field,
  filledIn,
  formFields,
  launchValues,
  showsAdvanced,
  type TemplateDescription,
  type Values,
  valuePointer,
} from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { element } from '../element.ts'
import { type DrawnField, drawField, type FieldPlan } from '../field.ts'
import { entryButton } from '../files/entry-chooser.ts'
import { grouped } from '../groups.ts'
import { imageButton } from '../images/image-chooser.ts'
import { fieldPlan } from './launch-fields.ts'

/** The fields of a template's variables, as they are drawn. */
export interface ValueFields {
  fields: DrawnField[]
  /** As they stand: groups together, what is advanced folded away. */
  layout: HTMLElement[]
  /** What was entered of what is asked. */
  values(): Values
  isAsked(pointer: string): boolean
}

/** Draws them; `filled` takes the place of the defaults, as far as the template still has such variables. */
export function drawValues(template: TemplateDescription, filled: Record<string, unknown>, context: OwnContext): ValueFields {
  const model = formFields(template).map((field) => filledIn(field, filled))
  const fields = model.map((field) => drawField(withHelp(field, context)))
  const textOf = (pointer: string) => fields.find((field) => field.pointer === pointer)?.text()
  const values = () => launchValues(model, textOf)
  return {
    fields,
    layout: layoutOf(model, fields, showsAdvanced(template, filled)),
    values,
    isAsked: (pointer) => askedFields(model, values()).some((field) => valuePointer(field) === pointer),
  }
}

function withHelp(field: Field, context: OwnContext): FieldPlan {
  const plan = fieldPlan(field)
  if (field.control === 'entry') return { ...plan, beside: (control) => entryButton({ control, field }, context) }
  if (field.control === 'image') return { ...plan, beside: (control) => imageButton({ control, field }, context) }
  return plan
}

function layoutOf(model: Field[], drawn: DrawnField[], open: boolean): HTMLElement[] {
  const pairs = model.map(({ group, advanced }, index) => ({ group, advanced, node: drawn[index]?.node ?? element('div') }))
  const plain = pairs.filter((pair) => !pair.advanced)
  const advanced = pairs.filter((pair) => pair.advanced)
  if (advanced.length === 0) return grouped(plain)
  return [
    ...grouped(plain),
    element('details', { class: 'advanced', open }, element('summary', {}, 'Advanced'), ...grouped(advanced)),
  ]
}
