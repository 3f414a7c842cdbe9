import { contract, type DomainName } from '@karvdash/common'
import type { Context } from 'koa'
import type { Binder } from '../http/bind.ts'
import { conditionsOf } from '../http/conditions.ts'
import { callerOf } from '../http/state.ts'
import type { Storage } from './storage.ts'

/** The operations on domains and entries. */
export function storageRoutes({ bind, bindDownload, bindEvents, bindUpload }: Binder, storage: Storage): void {
  const rootOf = (ctx: Context, { domain }: { domain: DomainName }) => storage.open(callerOf(ctx).user, domain)

  bind(contract.listDomains, async () => ({ items: await storage.domains() }))
  bind(contract.listEntries, async ({ params, query }, ctx) => (await rootOf(ctx, params)).list(query.path, query))
  bindEvents(contract.watchFolders, ({ params, query }, ctx, signal) => {
    const lastEventId = ctx.get('last-event-id') || undefined
    return storage.events.open({ user: callerOf(ctx).user, ...params, paths: query.path, lastEventId }, signal)
  })
  bind(contract.getEntry, async ({ params, query }, ctx) => (await rootOf(ctx, params)).stat(query.path))
  bindDownload(contract.readFile, async ({ params, query }, ctx) => (await rootOf(ctx, params)).read(query.path))
  bindUpload(contract.writeFile, async ({ params, query }, ctx, { body, size, conditions }) => {
    const { entry, isNew } = await (await rootOf(ctx, params)).write(query.path, body, { ...conditions, size })
    ctx.set('etag', entry.etag)
    return { reply: entry, isNew }
  })
  bind(contract.createFolder, async ({ params, body }, ctx) => (await rootOf(ctx, params)).createFolder(body.path))
  bind(contract.renameEntry, async ({ params, body: { from, to, overwrite } }, ctx) =>
    (await rootOf(ctx, params)).rename(from, to, { overwrite, conditions: conditionsOf(ctx) }),
  )
  bind(contract.deleteEntry, async ({ params, query }, ctx) => {
    await (await rootOf(ctx, params)).remove(query.path, { ...query, conditions: conditionsOf(ctx) })
  })
}
