import { Problem } from '@karvdash/common'
import type { Context } from 'koa'
import type Router from 'koa-router'
import { readJson } from '../http/body.ts'
import { stateOf } from '../http/state.ts'
import { isAway } from '../kubernetes/errors.ts'
import type { Admission } from './admission.ts'
import { denied, readReview } from './review.ts'

const reviewLimitBytes = 8 * 1024 * 1024

/** Where the API server shows objects. */
export function webhookRoutes(router: Router, admit: Admission): void {
  router.post('/webhooks/mutate', async (ctx: Context) => {
    stateOf(ctx).operation = 'webhook'
    const review = readReview(await readJson(ctx.req, reviewLimitBytes))
    const answer = await admit(review).catch((error: unknown) => {
      if (isAway(error)) return denied(review.uid, 503, 'Karvdash cannot reach the cluster at the moment. Try again.')
      if (error instanceof Problem) return denied(review.uid, error.status, error.message)
      throw error
    })
    ctx.body = JSON.stringify(answer)
    ctx.type = 'application/json'
  })
}
