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
import { element } from '../panel/element.ts'
import { type DrawnField, drawField, fieldPlan } from '../panel/field.ts'

/** The fields of a template's variables, as they are drawn. */
export interface ValueFields {
  fields: DrawnField[]
  /** As they stand: groups together, what is advanced folded away. */
  layout: HTMLElement[]
  /** What was entered of what is asked. */
  values(): Values
  /** Hides what is not asked, as things stand. */
  hideUnasked(): void
}

/** Draws them; `filled` takes the place of the defaults, as far as the template still has such variables. */
export function drawValues(template: TemplateDescription, filled: Record<string, unknown> = {}): ValueFields {
  const model = formFields(template).map((field) => filledIn(field, filled))
  const fields = model.map((field) => drawField(fieldPlan(field)))
  const textOf = (pointer: string) => fields.find((field) => field.pointer === pointer)?.text()
  const values = () => launchValues(model, textOf)
  const layout = layoutOf(model, fields, showsAdvanced(template, filled))
  return {
    fields,
    layout,
    values,
    hideUnasked() {
      const asked = new Set(askedFields(model, values()).map(valuePointer))
      for (const { pointer, node } of fields) node.hidden = !asked.has(pointer)
      for (const group of layout.flatMap((node) => [node, ...node.querySelectorAll<HTMLElement>('fieldset')]))
        if (!group.matches('.jp-Karvdash-field')) group.hidden = !group.querySelector('.jp-Karvdash-field:not([hidden])')
    },
  }
}

function layoutOf(model: Field[], drawn: DrawnField[], open: boolean): HTMLElement[] {
  const pairs = drawn.flatMap(({ node }, index) => {
    const field = model[index]
    return field ? [{ field, node }] : []
  })
  const [plain, advanced] = [false, true].map((isAdvanced) => grouped(pairs.filter(({ field }) => field.advanced === isAdvanced)))
  if (!advanced?.length) return plain ?? []
  return [...(plain ?? []), element('details', { open }, element('summary', {}, 'Advanced'), ...advanced)]
}

/** Those of one group together, under its name. */
function grouped(pairs: { field: Field; node: HTMLElement }[]): HTMLElement[] {
  const byGroup = Map.groupBy(pairs, ({ field }) => field.group)
  return [...byGroup].flatMap(([group, members]) => {
    const nodes = members.map(({ node }) => node)
    return group === undefined ? nodes : [element('fieldset', {}, element('legend', {}, group), ...nodes)]
  })
}
