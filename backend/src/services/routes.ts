import { contract } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'
import { callerOf } from '../http/state.ts'
import { page } from '../page-of.ts'
import type { Services } from './services.ts'

/** Services of whoever calls. */
export function serviceRoutes({ bind, bindEvents }: Binder, services: Services): void {
  bind(contract.listServices, ({ query }, ctx) => {
    const all = services.list(callerOf(ctx).user)
    return page(
      all.map((service) => ({ key: service.name, item: service })),
      query,
    )
  })
  bindEvents(contract.watchServices, (_input, ctx, signal) => services.watch(callerOf(ctx).user, signal))
  bind(contract.launchService, ({ body }, ctx) => services.launch(callerOf(ctx).user, body))
  bind(contract.getService, ({ params }, ctx) => services.get(callerOf(ctx).user, params.service))
  bind(contract.deleteService, ({ params }, ctx) => services.remove(callerOf(ctx).user, params.service))
}
