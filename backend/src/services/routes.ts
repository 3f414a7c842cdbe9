import { contract } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'
import { callerOf } from '../http/state.ts'
import { page } from '../page-of.ts'
import type { Services } from './services.ts'
import type { Shares } from './shares.ts'

/** Services of whoever calls. */
export function serviceRoutes({ bind, bindEvents }: Binder, { services, shares }: { services: Services; shares: Shares }): void {
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
  bind(contract.listServiceEvents, async ({ params }, ctx) => ({
    items: await services.events(callerOf(ctx).user, params.service),
  }))
  bind(contract.getServicePassword, ({ params }, ctx) => services.password(callerOf(ctx).user, params.service))
  bind(contract.shareService, async ({ params, body }, ctx) => {
    const { user } = callerOf(ctx)
    await shares.add(user, { ...params, ...body })
    return services.get(user, params.service)
  })
  bind(contract.unshareService, async ({ params }, ctx) => {
    const { user } = callerOf(ctx)
    await shares.remove(user, params)
    return services.get(user, params.service)
  })
  bind(contract.listShared, (_, ctx) => ({ items: shares.withUser(callerOf(ctx).user) }))
  bind(contract.leaveShared, ({ params: { user, service } }, ctx) => shares.remove(user, { service, user: callerOf(ctx).user }))
  for (const [operation, stopped] of [
    [contract.stopService, true],
    [contract.resumeService, false],
  ] as const)
    bind(operation, ({ params }, ctx) => services.setStopped(callerOf(ctx).user, params.service, stopped))
  bind(contract.restartService, ({ params }, ctx) => services.restart(callerOf(ctx).user, params.service))
  bind(contract.keepService, ({ params }, ctx) => services.keep(callerOf(ctx).user, params.service))
  bind(contract.getServiceLaunch, ({ params }, ctx) => services.launched(callerOf(ctx).user, params.service))
  bind(contract.updateService, ({ params, body }, ctx) => services.update(callerOf(ctx).user, params.service, body))
  bind(contract.previewServiceDeletion, async ({ params }, ctx) => ({
    items: await services.deletion(callerOf(ctx).user, params.service),
  }))
  bind(contract.deleteService, ({ params }, ctx) => services.remove(callerOf(ctx).user, params.service))
}
