import type { Usage } from '@karvdash/common'

/** What a table is made of: text alone. */
export interface Table {
  head: string[]
  rows: string[][]
}

/** The columns of what users have: every resource that any of them is counted for, used and allowed. */
export function usageTable(items: Usage[]): Table {
  const resources = [...new Set(items.flatMap(({ used, hard }) => [...Object.keys(used), ...Object.keys(hard)]))].sort()
  const head = ['user', 'active', 'services', ...resources.flatMap((name) => [`${name} used`, `${name} allowed`])]
  const rows = items.map(({ user, active, services, used, hard }) => [
    user,
    active ? 'yes' : 'no',
    String(services),
    ...resources.flatMap((name) => [used[name] ?? '', hard[name] ?? '']),
  ])
  return { head, rows }
}

const mostAsked = {
  Pods: 'pods',
  Processors: 'requests.cpu',
  Memory: 'requests.memory',
  'Most memory': 'limits.memory',
  Storage: 'requests.storage',
}

/** The same for people to look at: what they ask for most, used and allowed in one. */
export function briefTable(items: Usage[]): Table {
  const columns = Object.entries(mostAsked).filter(([, name]) => items.some(({ used, hard }) => name in used || name in hard))
  const head = ['User', 'Services', ...columns.map(([title]) => title)]
  const cell = ({ used, hard }: Usage, name: string) => [used[name] ?? '0', hard[name]].filter(Boolean).join(' of ')
  return {
    head,
    rows: items.map((usage) => [usage.user, String(usage.services), ...columns.map(([, name]) => cell(usage, name))]),
  }
}

/** RFC 4180. What a spreadsheet would take for a formula is made a text. */
export function csvOf({ head, rows }: Table): string {
  return [head, ...rows].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
