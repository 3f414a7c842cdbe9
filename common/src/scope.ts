import * as z from 'zod'

/** What a personal token, or an editor that was signed in, may do. `read-only` takes from the others what changes anything. */
export const TokenScope = z.enum(['files', 'services', 'images', 'read-only', 'admin'])
export type TokenScope = z.infer<typeof TokenScope>

/**
 * What an operation needs: one of the scopes; `any` for what every credential may do; `person` for what takes somebody who
 * signed in themselves (a token must not be able to outlive itself by making another).
 */
export type Scope = Exclude<TokenScope, 'read-only'> | 'any' | 'person'

/** What tokens may do unless told otherwise, and pods always. */
export const usualScopes: TokenScope[] = ['files', 'services', 'images']

/** Whether these scopes are enough for an operation; no scopes at all are those of somebody who signed in. */
export function permits(scopes: readonly TokenScope[] | undefined, { scope, method }: { scope: Scope; method: string }): boolean {
  if (scopes === undefined) return true
  if (scopes.includes('read-only') && !['GET', 'HEAD', 'OPTIONS'].includes(method)) return false
  return scope === 'any' || (scope !== 'person' && scopes.includes(scope))
}
