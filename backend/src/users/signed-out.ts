import type { Cache } from '../kubernetes/cache.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { accountName, readAccount } from './account.ts'

const prefix = accountName('')

/** Calls back with each user whose every sign-in was ended; much else changes in accounts, and is nothing to what is made of the generation. */
export function onSignedOut(accounts: Pick<Cache, 'list' | 'onChange'>, tell: (user: string) => void): void {
  const generations = new Map<string, number>()
  const isAccount = ({ metadata }: KubeObject) => metadata.name.startsWith(prefix)
  for (const secret of accounts.list().filter(isAccount)) generations.set(secret.metadata.name, readAccount(secret).generation)
  accounts.onChange(({ name, object }) => {
    if (!object || !isAccount(object)) return void generations.delete(name)
    const before = generations.get(name)
    const { user, generation } = readAccount(object)
    generations.set(name, generation)
    if (before !== undefined && before !== generation) tell(user)
  })
}
