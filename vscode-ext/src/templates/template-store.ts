import { type BrokenTemplate, contract, type ListedTemplate } from '@karvdash/common'
import type { Connection } from '../connection/connection.ts'

/** A template as it is listed: one that can be launched, or one that first has to be mended. */
export type Shelved = { kind: 'template'; template: ListedTemplate } | { kind: 'broken'; template: BrokenTemplate }

/** The templates that somebody has. */
export interface TemplateStore {
  all(): Shelved[]
  onChange(listener: () => void): void
  /** Asks for them anew. */
  refresh(): Promise<void>
  /** Nobody is signed in. */
  clear(): void
}

/** Nothing tells when templates change: they are asked for when that may be. */
export function createTemplateStore(connection: Connection): TemplateStore {
  const listeners = new Set<() => void>()
  let known: Shelved[] = []
  let asked = 0
  function set(next: Shelved[]): void {
    known = next
    for (const listener of listeners) listener()
  }
  return {
    all: () => known,
    onChange: (listener) => void listeners.add(listener),
    async refresh() {
      const mine = ++asked
      const { items, broken } = await connection.with(({ client }) => client.call(contract.listTemplates))
      if (mine !== asked) return
      const mended = broken.map((template): Shelved => ({ kind: 'broken', template }))
      set([...mended, ...items.map((template): Shelved => ({ kind: 'template', template }))])
    },
    clear() {
      asked++
      set([])
    },
  }
}
