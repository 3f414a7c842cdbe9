import { contract } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'
import { callerOf, stateOf } from '../http/state.ts'
import { bringsBytes, checked, tellProgress, uploadLength, uploadOffset } from '../http/tus.ts'
import type { Uploads } from './uploads.ts'

/** The operations of resumable uploads. */
export function uploadRoutes({ bind, bindUpload }: Binder, uploads: Uploads): void {
  bindUpload(contract.createUpload, async ({ params, query }, ctx, upload) => {
    const { user } = callerOf(ctx)
    const size = uploadLength(ctx)
    const bringsFirst = bringsBytes(ctx, upload)
    const bytes = { offset: 0, length: upload.size, end: upload.end, ...checked(ctx, upload.body) }
    const { id, progress } = await uploads.begin(user, { ...params, ...query, size, conditions: upload.conditions })
    // Whatever becomes of the bytes, the client knows from now on where to go on.
    ctx.set('location', `${ctx.path}/${id}`)
    const named = { ...params, upload: id }
    tellProgress(ctx, bringsFirst && size > 0 ? await uploads.append(user, named, bytes) : progress)
    return { reply: undefined, isNew: true }
  })
  bind(contract.getUpload, async ({ params }, ctx) => {
    const { size, ...progress } = await uploads.progress(callerOf(ctx).user, params)
    ctx.set('upload-length', String(size))
    tellProgress(ctx, progress)
  })
  bindUpload(contract.appendToUpload, async ({ params }, ctx, upload) => {
    const state = stateOf(ctx)
    // Nothing has changed before the file has its name.
    state.isChange = false
    const bytes = { offset: uploadOffset(ctx), length: upload.size, end: upload.end, ...checked(ctx, upload.body) }
    const { path, ...progress } = await uploads.append(callerOf(ctx).user, params, bytes)
    tellProgress(ctx, progress)
    Object.assign(state, { isChange: progress.entry !== undefined, target: `${params.domain} ${path}` })
    return { reply: undefined, isNew: false }
  })
  bind(contract.deleteUpload, ({ params }, ctx) => uploads.abandon(callerOf(ctx).user, params))
}
