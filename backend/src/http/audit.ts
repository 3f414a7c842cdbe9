import type { AuditEntry } from '@karvdash/common'
import type { Middleware } from 'koa'
import { stateOf } from './state.ts'

/** Records what changes something, and who signs in; reading is no business of the audit log. */
export function auditing(record: (entry: AuditEntry) => void): Middleware {
  return async (ctx, next) => {
    // A request that was broken off has no address any more.
    const address = ctx.ip
    await next()
    const { requestId: id, operation, caller, subject, target, isChange } = stateOf(ctx)
    if (operation === undefined || !isChange) return
    const actor = caller?.via.kind === 'cookie' ? caller.via.claim.actor?.user : undefined
    const user = caller?.user ?? subject
    record({
      ...{ at: new Date().toISOString(), id, operation, address, status: ctx.status },
      ...(user !== undefined && { user }),
      ...(actor !== undefined && { actor }),
      ...(caller && { via: caller.via.kind }),
      ...(target !== undefined && { target }),
    })
  }
}

const mostCharacters = 500
const named = [
  'user',
  'service',
  'template',
  'token',
  'session',
  'domain',
  'path',
  'entries',
  'from',
  'to',
  'name',
  'job',
  'repository',
  'tag',
  'as',
  'addition',
] as const

/** What an operation is done to, in the names that its input gives: nothing else of the input is ever told. */
export function targetOf(...parts: unknown[]): string | undefined {
  const all = Object.assign({}, ...parts.filter((part) => part !== null && typeof part === 'object')) as Record<string, unknown>
  const names = named.flatMap((name) => wordsOf(all[name]))
  return names.length > 0 ? names.join(' ').slice(0, mostCharacters) : undefined
}

/** A name as it is; an entry by its domain and path, an image by its name; of many the first ones, as far as they are told at all. */
function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.slice(0, mostCharacters).flatMap(wordsOf)
  if (typeof value !== 'object' || value === null) return []
  if ('repository' in value && 'tag' in value) return [`${value.repository}:${value.tag}`]
  return 'domain' in value && 'path' in value ? [`${value.domain}:/${value.path}`] : []
}
