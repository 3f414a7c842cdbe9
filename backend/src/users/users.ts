import { conflict, type Invitation, invalid, isReservedUserName, notFound, Problem, type UserChange } from '@karvdash/common'
import type { UserFolders } from '../filesystem/user-folders.ts'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { rememberedPer } from '../memory.ts'
import { readUser, signedOut, type UserRecord } from './account.ts'
import type { Accounts } from './accounts.ts'
import type { AnnounceSignUp } from './announce.ts'
import { type FileIdPorts, refuseTaken } from './file-ids.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { createStoreUser, type Draft } from './store-user.ts'

/** The people. */
export interface Users {
  /** From the watch cache: no call. */
  known(name: string): UserRecord | undefined
  list(): UserRecord[]
  /** Stores an inactive user. @throws Problem 409 where the name is taken, 400 where it is reserved. */
  signUp(draft: Draft): Promise<void>
  /** Stores an active user without a password, and comes back when their namespace and folders are there. */
  invite(invitation: Invitation): Promise<UserRecord>
  /** Stores somebody whom the institute's provider vouches for. @throws Problem 409 where the name is taken or there are files of old. */
  adopt(person: Draft & { role: 'user' | 'admin'; active: boolean }): Promise<void>
  /** Changes a user, and comes back when their namespace and folders are as they should be. */
  change(name: string, change: UserChange): Promise<UserRecord>
  /** @throws Problem 400 where the current password is wrong. */
  changePassword(name: string, passwords: { current: string; next: string }): Promise<void>
  /** Makes the installer's admin unless there is one of that name. */
  ensureFirstAdmin(admin: { username: string; password: string }): Promise<void>
}

export interface UsersPorts {
  kubernetes: Kubernetes
  users: Cache
  accounts: Accounts
  folders: Pick<UserFolders, 'exist'>
  announceSignUp: AnnounceSignUp
  config: FileIdPorts['config']
  /** Makes everything of a user as it should be, now. */
  reconcile: (name: string) => Promise<void>
  clock?: () => number
}

const readOnce = rememberedPer(readUser)

function refuseReserved({ username }: { username: string }): void {
  if (!isReservedUserName(username)) return
  throw invalid([{ pointer: '/username', detail: `The username "${username}" is reserved. Choose another.` }])
}

/** Users as custom resources. */
export function createUsers(ports: UsersPorts): Users {
  const { kubernetes, users, accounts, folders, announceSignUp, clock = Date.now } = ports
  const store = createStoreUser({ kubernetes, users, accounts, clock })
  return {
    known(name) {
      const object = users.get(name)
      return object && readOnce(object)
    },
    list: () => users.list().map(readOnce),
    async signUp(draft) {
      refuseReserved(draft)
      // Somebody's files of old: who is to have them is an admin's to say, by inviting.
      if (await folders.exist(draft.username)) throw conflict(`The username "${draft.username}" is taken.`)
      await store(draft, { role: 'user', active: false })
      announceSignUp(draft)
    },
    async adopt({ role, active, ...draft }) {
      refuseReserved(draft)
      if (await folders.exist(draft.username)) throw conflict(`There are files of an earlier "${draft.username}".`)
      await store(draft, { role, active })
      if (active) await reconciled(ports, draft.username)
    },
    async invite({ role, ...draft }) {
      refuseReserved(draft)
      if (draft.fileId !== undefined) await refuseTaken(ports, { name: draft.username, id: draft.fileId })
      await store(draft, { role, active: true })
      return reconciled(ports, draft.username)
    },
    async change(name, change) {
      const before = readUser(await storedUser(kubernetes, name))
      if (change.fileId !== undefined) await refuseTaken(ports, { ...before, id: change.fileId })
      await users.caughtUp(await kubernetes.patch(resources.users, { name }, { spec: change }))
      const isOther = change.role !== undefined && change.role !== before.role
      // What was begun with other rights ends; what begins now has the right ones.
      if (isOther) await accounts.update(name, signedOut)
      return reconciled(ports, name)
    },
    async changePassword(name, { current, next }) {
      if (!(await isPassword(current, (await accounts.fresh(name))?.password))) {
        throw invalid([{ pointer: '/current', detail: 'The current password is wrong.' }])
      }
      const password = await hashPassword(next)
      await accounts.update(name, (account) => ({ ...signedOut(account), password }))
    },
    async ensureFirstAdmin({ username, password }) {
      if (await accounts.fresh(username)) return
      const draft = { username, password, email: '', displayName: 'Administrator' }
      await store(draft, { role: 'admin', active: true }).catch((error: unknown) => {
        // Another replica made the same admin at the same moment.
        if (!(error instanceof Problem) || error.status !== 409) throw error
      })
    },
  }
}

/** Whoever is answered then finds the user here as they are now. */
async function reconciled({ kubernetes, users, reconcile }: UsersPorts, name: string): Promise<UserRecord> {
  await reconcile(name)
  const stored = await storedUser(kubernetes, name)
  await users.caughtUp(stored)
  return readUser(stored)
}

async function storedUser(kubernetes: Kubernetes, name: string): Promise<KubeObject> {
  const object = await kubernetes.get(resources.users, { name })
  if (!object) throw notFound('user', name)
  return object
}
