import { contract, forbidden } from '@karvdash/common'
import type { Context } from 'koa'
import type { Binder } from '../../http/bind.ts'
import { type Caller, callerOf, stateOf } from '../../http/state.ts'
import { newestFirst, page } from '../../page-of.ts'
import type { Additions } from './additions.ts'
import type { Asking } from './record.ts'

/** Images that whoever calls adds from files. @param additions throws Problem 404 where there is no registry. */
export function additionRoutes({ bind, bindEvents }: Binder, additions: () => Additions): void {
  bind(contract.readImageArchive, ({ body }, ctx) => additions().look(readerOf(ctx).user, body, untilGone(ctx)))
  bind(contract.addImage, ({ body }, ctx) => additions().start(askingOf(ctx), body))
  bind(contract.listAdditions, ({ query }, ctx) => {
    const all = additions().list(callerOf(ctx).user)
    return page(
      all.map((one) => ({ key: newestFirst(one), item: one })),
      query,
    )
  })
  bindEvents(contract.watchAdditions, (_input, ctx, signal) => additions().watch(callerOf(ctx).user, signal))
  bind(contract.getAddition, ({ params }, ctx) => additions().get(callerOf(ctx).user, params.addition))
  bind(contract.endAddition, ({ params }, ctx) => additions().end(callerOf(ctx).user, params.addition))
}

/** Who may have files of theirs read. @throws Problem 403. */
function readerOf(ctx: Context): Caller {
  const caller = callerOf(ctx)
  if (caller.scopes && !caller.scopes.includes('files'))
    throw forbidden('This credential may not read your files: it takes a token made for "files", too.')
  return caller
}

function askingOf(ctx: Context): Asking {
  const { user, role, via } = readerOf(ctx)
  const actor = via.kind === 'cookie' ? via.claim.actor?.user : undefined
  const asked = { id: stateOf(ctx).requestId, address: ctx.ip, via: via.kind, ...(actor !== undefined && { actor }) }
  return { user, role, asked }
}

/** Ends where the client went. */
function untilGone(ctx: Context): AbortSignal {
  const controller = new AbortController()
  ctx.res.once('close', () => controller.abort())
  return controller.signal
}
