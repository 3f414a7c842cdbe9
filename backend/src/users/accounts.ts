import { conflict, notFound, unavailable } from '@karvdash/common'
import type { Config } from '../config.ts'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict } from '../kubernetes/errors.ts'
import type { OwnerReference } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { rememberedPer } from '../memory.ts'
import { type Account, accountName, accountSecret, readAccount } from './account.ts'

/** Where accounts are kept. */
export interface Accounts {
  /** From the watch cache: no call. */
  known(user: string): Account | undefined
  /** From the API server, for what another replica may have written a moment ago. */
  fresh(user: string): Promise<Account | undefined>
  /** Stores the account of a user who has none; it goes when the owner, their `User`, goes. @throws Problem 409 where there is one. */
  create(account: Account, owner: OwnerReference): Promise<void>
  /** Changes an account; nothing that somebody else changed meanwhile is lost. `change` gives undefined to leave it as it is. */
  update(user: string, change: (account: Account) => Account | undefined): Promise<void>
}

export interface AccountsPorts {
  kubernetes: Kubernetes
  /** The account Secrets of the system namespace. */
  secrets: Cache
  config: Pick<Config, 'namespace'>
}

const mostTries = 8

/** Accounts as Secrets, one a user. */
export function createAccounts({ kubernetes, secrets, config: { namespace } }: AccountsPorts): Accounts {
  const readOnce = rememberedPer(readAccount)
  const read = (user: string) => kubernetes.get(resources.secrets, { namespace, name: accountName(user) })

  async function create(account: Account, owner: OwnerReference): Promise<void> {
    const stored = await kubernetes
      .create(resources.secrets, accountSecret(account, { namespace, ownerReferences: [owner] }))
      .catch((error: unknown) => {
        throw isConflict(error) ? conflict(`The username "${account.user}" is taken.`) : error
      })
    await secrets.caughtUp(stored)
  }
  async function update(user: string, change: (account: Account) => Account | undefined): Promise<void> {
    for (let tries = 0; tries < mostTries; tries++) {
      const stored = await read(user)
      if (!stored) throw notFound('user', user)
      const { resourceVersion, ownerReferences } = stored.metadata
      const changed = change(readAccount(stored))
      if (!changed) return
      try {
        const place = { namespace, resourceVersion, ownerReferences }
        await secrets.caughtUp(await kubernetes.replace(resources.secrets, accountSecret(changed, place)))
        return
      } catch (error) {
        // Somebody else was faster: read what they wrote and change that.
        if (!isConflict(error)) throw error
      }
    }
    throw unavailable('The account')
  }
  return {
    known(user) {
      const secret = secrets.get(accountName(user), namespace)
      return secret && readOnce(secret)
    },
    async fresh(user) {
      const secret = await read(user)
      return secret && readAccount(secret)
    },
    create,
    update,
  }
}
