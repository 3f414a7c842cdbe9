import { contract, type ListedTemplate } from '@karvdash/common'
import type { Context } from 'koa'
import type { Config } from '../config.ts'
import type { Binder } from '../http/bind.ts'
import { callerOf } from '../http/state.ts'
import type { Services } from '../services/services.ts'
import { convert } from './convert.ts'
import { describedFor, platformOf } from './described.ts'
import type { Groups } from './groups.ts'
import type { Launches } from './launches.ts'
import { parsed } from './stored.ts'
import type { Listed, Templates } from './templates.ts'

export interface TemplateRoutePorts {
  templates: Templates
  launches: Launches
  services: Services
  config: Config
}

/** Templates: what may be launched, what a launch would create, and templates of one's own. */
export function templateRoutes({ bind }: Binder, { templates, launches, services, config }: TemplateRoutePorts): void {
  const shown = ({ description, origin, pinned }: Listed, user: string): ListedTemplate => ({
    ...describedFor(description, platformOf(user, config)),
    origin,
    pinned,
  })
  const own = (ctx: Context) => ({ user: callerOf(ctx).user })
  bind(contract.listTemplates, async (_, ctx) => {
    const { user } = callerOf(ctx)
    const { listed, broken } = await templates.list(user)
    return { items: listed.map((one) => shown(one, user)), broken }
  })
  bind(contract.getTemplate, async ({ params }, ctx) => {
    const { user } = callerOf(ctx)
    return shown(await templates.one(user, params.template), user)
  })
  bind(contract.renderTemplate, ({ params, body }, ctx) => services.preview(callerOf(ctx).user, params.template, body))
  bind(contract.checkTemplate, ({ body }) => {
    const { template, faults = [] } = parsed(body.source)
    return { ...(template && { description: template.description }), faults }
  })
  bind(contract.previewTemplate, ({ body }, ctx) => services.previewDraft(callerOf(ctx).user, body))
  bind(contract.convertTemplate, ({ body }) => convert(body.source))
  bind(contract.createTemplate, ({ body }, ctx) => templates.create(own(ctx), body.source))
  bind(contract.getTemplateText, ({ params }, ctx) => templates.text(callerOf(ctx).user, params.template))
  bind(contract.changeTemplate, ({ params, body }, ctx) => templates.change(own(ctx), params.template, body))
  bind(contract.deleteTemplate, ({ params }, ctx) => templates.remove(own(ctx), params.template))
  bind(contract.listLaunches, async (_, ctx) => ({ items: await launches.list(callerOf(ctx).user) }))
  bind(contract.saveLaunch, ({ params, body }, ctx) => launches.save(callerOf(ctx).user, params.launch, body))
  bind(contract.deleteLaunch, ({ params }, ctx) => launches.remove(callerOf(ctx).user, params.launch))
}

/** Templates for everybody, which administrators keep. */
export function platformTemplateRoutes(
  { bind }: Binder,
  { templates, groups }: Pick<TemplateRoutePorts, 'templates'> & { groups: Groups },
): void {
  bind(contract.listPlatformTemplates, async () => {
    const { listed, broken } = await templates.listForAll()
    return { items: listed.map(({ description, ...said }) => ({ ...description, ...said })), broken }
  })
  bind(contract.createPlatformTemplate, ({ body }) => templates.create('platform', body.source))
  bind(contract.changePlatformTemplate, ({ params, body }) => templates.change('platform', params.template, body))
  bind(contract.deletePlatformTemplate, ({ params }) => templates.remove('platform', params.template))
  bind(contract.getTemplateGroups, () => groups.get())
  bind(contract.setTemplateGroups, ({ body }) => groups.set(body))
  bind(contract.setTemplateStanding, ({ params, body }) => templates.setStanding(params.template, body))
}
