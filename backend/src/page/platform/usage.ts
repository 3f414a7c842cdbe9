import { contract, type Usage } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { element } from '../element.ts'
import { briefTable, csvOf, type Table, usageTable } from './csv.ts'

const pageSize = 500

/** What each user has and may have, and the same as a file. */
export async function usagePart({ api, signal }: OwnContext): Promise<HTMLElement[]> {
  const items: Usage[] = []
  for (let cursor: string | undefined; ; ) {
    const query = { limit: pageSize, ...(cursor !== undefined && { cursor }) }
    const page = await api.call(contract.listUsage, { query }, { signal })
    items.push(...page.items)
    if (page.next === undefined) break
    cursor = page.next
  }
  const address = URL.createObjectURL(new Blob([csvOf(usageTable(items))], { type: 'text/csv' }))
  signal.addEventListener('abort', () => URL.revokeObjectURL(address))
  const download = element('a', { href: address, download: 'usage.csv', class: 'button' }, 'Download all as CSV')
  return [drawTable(briefTable(items)), element('div', { class: 'section-after' }, download)]
}

function drawTable({ head, rows }: Table): HTMLElement {
  const titles = element('tr', {}, ...head.map((title) => element('th', { scope: 'col' }, title)))
  const body = rows.map(([user = '', ...cells]) =>
    element('tr', {}, element('th', { scope: 'row' }, user), ...cells.map((cell) => element('td', {}, cell))),
  )
  const table = element('table', {}, element('thead', {}, titles), element('tbody', {}, ...body))
  return element('div', { class: 'scrolled', tabindex: 0, role: 'region', 'aria-label': 'What each user has' }, table)
}
