import type { RegistryConfig } from './settings.ts'

/** What is to be done with a repository; without one, with the catalogue. */
export interface RegistryAccess {
  repository?: string
  actions: readonly ('pull' | 'push' | 'delete' | '*')[]
}

/** Signs a token for the cluster's own registry, which lets its holder do just this. */
export type TokenFor = (access: readonly RegistryAccess[]) => Promise<string>

/** How the backend shows the registry who it is. */
export interface Authorization {
  /** The header `Authorization` to begin with, where there is one to show. */
  headerFor(access: readonly RegistryAccess[]): Promise<string | undefined>
  /** The header to try again with, after a 401 with this `WWW-Authenticate`; undefined where there is none to try. */
  answerTo(challenge: string, access: readonly RegistryAccess[]): Promise<string | undefined>
}

/** With tokens that the backend signs itself; without `tokenFor` for a registry that asks nobody. */
export function ownTokens(tokenFor: TokenFor | undefined): Authorization {
  return {
    headerFor: async (access) => tokenFor && `Bearer ${await tokenFor(access)}`,
    answerTo: async () => undefined,
  }
}

/** HTTP Basic, where there are credentials. */
export function basicOf({ username, password }: Pick<RegistryConfig, 'username' | 'password'>): string | undefined {
  return username === '' ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** As scopes of tokens name it (distribution, "Token Scope Documentation"). */
export function scopeOf({ repository, actions }: RegistryAccess): string {
  return repository === undefined ? 'registry:catalog:*' : `repository:${repository}:${actions.join(',')}`
}
