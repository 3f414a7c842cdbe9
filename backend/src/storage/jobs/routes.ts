import { contract } from '@karvdash/common'
import type { Binder } from '../../http/bind.ts'
import { callerOf } from '../../http/state.ts'
import { newestFirst, page } from '../../page-of.ts'
import type { Jobs } from './jobs.ts'

/** Jobs of whoever calls. Bound before what is below a domain's name: `jobs` is none. */
export function jobRoutes({ bind, bindEvents }: Binder, jobs: Jobs): void {
  bind(contract.startJob, ({ body }, ctx) => jobs.start(callerOf(ctx).user, body))
  bind(contract.listJobs, ({ query }, ctx) => {
    const all = jobs.list(callerOf(ctx).user)
    return page(
      all.map((job) => ({ key: newestFirst(job), item: job })),
      query,
    )
  })
  bindEvents(contract.watchJobs, (_input, ctx, signal) => jobs.watch(callerOf(ctx).user, signal))
  bind(contract.getJob, ({ params }, ctx) => jobs.get(callerOf(ctx).user, params.job))
  bind(contract.endJob, ({ params }, ctx) => jobs.end(callerOf(ctx).user, params.job))
}
