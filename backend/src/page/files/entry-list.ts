import type { Entry } from '@karvdash/common'
import { arrange, element } from '../element.ts'
import { type EntryRow, type EntryRowPlan, entryRow } from './entry-row.ts'

/** Draws a list of entries; each keeps its row for as long as it is of one kind, and the row the focus. */
export function entryList(plan: EntryRowPlan): { node: HTMLElement; show(entries: readonly Entry[]): void } {
  const node = element('ul', { class: 'entries', 'aria-label': 'Entries', tabindex: -1 })
  let rows = new Map<string, EntryRow>()
  return {
    node,
    show(entries) {
      const hadFocus = node.contains(document.activeElement)
      rows = new Map(
        entries.map((entry) => {
          const key = `${entry.type}/${entry.name}`
          const row = rows.get(key) ?? entryRow(entry, plan)
          row.show(entry)
          return [key, row]
        }),
      )
      const nodes = [...rows.values()].map((row) => row.node)
      arrange(node, nodes.length > 0 ? nodes : [element('li', { class: 'empty' }, 'This folder is empty.')])
      // The row that had the focus is gone.
      if (hadFocus && !node.contains(document.activeElement)) node.focus()
    },
  }
}
