import { contract } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'
import { page } from '../page-of.ts'
import type { Trail } from './trail.ts'

/** The audit log, for admins. */
export function auditRoutes({ bind }: Binder, trail: Pick<Trail, 'newest'>): void {
  bind(contract.listAudit, async ({ query }) => {
    // Pages are in order of their keys: the newest entry has the least.
    const all = (await trail.newest(query)).map((item) => ({ key: `${inverse(item.at)}${item.id}`, item }))
    return page(all, query)
  })
}

/** A text that sorts the other way round than a time does. */
function inverse(at: string): string {
  return String(9e15 - Date.parse(at)).padStart(16, '0')
}
