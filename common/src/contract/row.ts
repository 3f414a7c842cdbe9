import * as z from 'zod'
import type { Operation } from '../operation.ts'

const nothing = z.undefined()
const empty = z.strictObject({})

/** The reply of an operation that answers 204. */
export const done = z.void()

/** Which page of a list. */
export const Page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(500).optional(),
})

/** A page of a list, and where to go on. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().optional() })

type Row<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> = Partial<Operation<P, Q, B, R>> &
  Pick<Operation<P, Q, B, R>, 'summary' | 'reply'>

/** Makes one row of the contract: for users who are signed in in person, without input, answering 200 with JSON, where it does not say otherwise. */
export function operation<
  R extends z.ZodType,
  P extends z.ZodType = typeof empty,
  Q extends z.ZodType = typeof empty,
  B extends z.ZodType = typeof nothing,
>(method: Operation<P, Q, B, R>['method'], path: string, row: Row<P, Q, B, R>): Operation<P, Q, B, R> {
  const defaults = { audience: 'user', scope: 'person', params: empty, query: empty, body: nothing, status: 200, media: 'json' }
  return { ...defaults, method, path, ...row } as Operation<P, Q, B, R>
}
