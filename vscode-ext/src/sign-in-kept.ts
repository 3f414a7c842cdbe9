import type { SecretStorage } from 'vscode'
import type { Credentials } from './connection/connection.ts'
import { serverId } from './connection/standing.ts'
import { endpointsOf, type Tokens } from './oauth/endpoints.ts'
import { type Alone, createGrant } from './oauth/grant.ts'
import { randomText } from './oauth/pkce.ts'
import type { Vault } from './oauth/vault.ts'

const secretName = 'karvdash.signIn'

/** What is kept of signing in, in one piece: a server's address never goes with another's token. A key opens the vault. */
type Kept = { url: string; token: string } | { url: string; key: string }

/** Keeps that somebody is signed in, for all windows and the next start. */
export interface Keeper {
  /** What was kept, as credentials; undefined: nobody is signed in. */
  credentials(): Promise<Credentials | undefined>
  /** Keeps a pasted token, or what the browser brought; the sign-in before it ends. */
  keep(url: string, by: string | Tokens): Promise<void>
  /** Signs out; says whether the server has heard of it, where it had to. */
  forget(): Promise<boolean>
  /** Whether a change of the secrets is about signing in, such as in another window. */
  isOurs(changed: { key: string }): boolean
}

export interface KeeperPorts {
  secrets: Pick<SecretStorage, 'get' | 'store' | 'delete'>
  vault: Vault
  alone: Alone
  fetch: typeof fetch
}

/** Keeps it in VS Code's secrets. */
export function createKeeper({ secrets, vault, alone, fetch }: KeeperPorts): Keeper {
  const endpoints = (server: string) => endpointsOf({ server, fetch })
  async function kept(): Promise<Kept | undefined> {
    const text = await secrets.get(secretName)
    return text === undefined ? undefined : (JSON.parse(text) as Kept)
  }
  /** Puts something else in the place of what was kept, and ends that at its server. */
  async function replace(change: () => Promise<void>): Promise<boolean> {
    const ended = await alone(async () => {
      const before = await kept()
      const tokens = before && 'key' in before ? await vault.read(before.key) : undefined
      await change()
      return before && tokens && { url: before.url, refresh: tokens.refresh }
    })
    if (!ended) return true
    return endpoints(ended.url)
      .revoke(ended.refresh)
      .then(
        () => true,
        () => false,
      )
  }
  return {
    async credentials() {
      const found = await kept()
      if (!found) return undefined
      const server = { id: serverId(found.url), url: found.url }
      if ('token' in found) return { server, token: () => found.token }
      const { key } = found
      const { refresh } = endpoints(found.url)
      const write = (tokens: Tokens) => vault.write(key, tokens)
      return { server, token: createGrant({ read: () => vault.read(key), write, refresh, alone }) }
    },
    async keep(url, by) {
      const next: Kept = typeof by === 'string' ? { url, token: by } : { url, key: randomText() }
      await replace(async () => {
        await ('key' in next && typeof by !== 'string' ? vault.write(next.key, by) : vault.clear())
        await secrets.store(secretName, JSON.stringify(next))
      })
    },
    forget: () =>
      replace(async () => {
        await secrets.delete(secretName)
        await vault.clear()
      }),
    isOurs: ({ key }) => key === secretName,
  }
}
