import { element } from './element.ts'

/** A drawn field, and the group it belongs to. */
export interface Grouped {
  group: string | undefined
  node: HTMLElement
}

/** Fields as they stand in a form: those of one group together, under its name. */
export function grouped(fields: Grouped[]): HTMLElement[] {
  const byGroup = Map.groupBy(fields, ({ group }) => group)
  return [...byGroup].flatMap(([group, members]) => {
    const nodes = members.map(({ node }) => node)
    return group === undefined ? nodes : [element('fieldset', {}, element('legend', {}, group), ...nodes)]
  })
}
