import { contract } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'
import { callerOf } from '../http/state.ts'
import type { Services } from '../services/services.ts'
import type { Library } from './library.ts'

/** Templates: what may be launched, and what a launch would create. */
export function templateRoutes({ bind }: Binder, { library, services }: { library: Library; services: Services }): void {
  bind(contract.listTemplates, () => ({ items: library.list().map(({ description }) => description) }))
  bind(contract.getTemplate, ({ params }) => library.find(params.template).description)
  bind(contract.renderTemplate, ({ params, body }, ctx) => ({
    objects: services.preview(callerOf(ctx).user, { template: params.template, ...body }),
  }))
}
