import type { Context } from 'koa'
import type { Conditions } from '../filesystem/conditions.ts'

/** The If-Match and If-None-Match of a request (RFC 9110 §13.1). */
export function conditionsOf(ctx: Context): Conditions {
  return { ifMatch: etagsIn(ctx.get('if-match')), ifNoneMatch: etagsIn(ctx.get('if-none-match')) }
}

function etagsIn(header: string): Conditions['ifMatch'] {
  const text = header.trim()
  if (text === '') return undefined
  // What is no list of etags is equal to none.
  return text === '*' ? '*' : (text.match(/(?:W\/)?"[^"]*"/g) ?? [])
}
