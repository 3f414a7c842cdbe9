import { conflict } from '@karvdash/common'
import { isConflict } from '../kubernetes/errors.ts'
import { type KubeObject, ownerReference } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { readUser, type UserRecord } from './account.ts'
import { hashPassword } from './passwords.ts'
import type { UsersPorts } from './users.ts'

/** What a person says of themselves. */
export interface Draft {
  username: string
  /** Left out where a link will be sent by which they choose one. */
  password?: string
  email: string
  displayName: string
  /** Whom the institute's provider vouches for by this user. */
  subject?: string
  /** The numeric id of their files, where the institute has one. */
  fileId?: number | undefined
}

interface Grants {
  role: 'user' | 'admin'
  active: boolean
}

/** A sign-up is over in less. */
const signUpTakesMs = 60_000

/** Makes the function that stores a user: first the `User`, whose name is the reservation, then the account it owns. @throws Problem 409. */
export function createStoreUser({
  kubernetes,
  users,
  accounts,
  clock = Date.now,
}: Omit<UsersPorts, 'reconcile' | 'folders' | 'announceSignUp' | 'config'>): (draft: Draft, grants: Grants) => Promise<void> {
  return store

  async function store(draft: Draft, grants: Grants): Promise<void> {
    const { username, email, displayName, subject, fileId } = draft
    const password = draft.password === undefined ? '' : await hashPassword(draft.password)
    const metadata = { name: username }
    const user = {
      apiVersion: 'karvdash.io/v1',
      kind: 'User',
      metadata,
      spec: { email, displayName, ...grants, ...(subject !== undefined && { subject }), ...(fileId !== undefined && { fileId }) },
    }
    const stored = await kubernetes.create(resources.users, user).catch(async (error: unknown) => {
      if (!isConflict(error)) throw error
      return takeOver(user)
    })
    await accounts.create(
      { user: username, password, sessions: [], tokens: [], editors: [], generation: 0 },
      ownerReference(stored),
    )
    await users.caughtUp(stored)
  }
  /** A sign-up that broke off after its first step left a user nobody can be: whoever signs up next gets the name, and nothing else of it. */
  async function takeOver(user: KubeObject & { spec: Grants }): Promise<KubeObject> {
    const { name } = user.metadata
    const taken = conflict(`The username "${name}" is taken.`)
    const found = await kubernetes.get(resources.users, { name })
    if (!found || (await accounts.fresh(name))) throw taken
    // The installer means this very user, whoever made it.
    if (user.spec.role === 'admin') return kubernetes.patch(resources.users, { name }, { spec: user.spec })
    if (!isAbandoned(readUser(found), clock())) throw taken
    try {
      await kubernetes.remove(resources.users, { name }, { uid: found.metadata.uid })
      return await kubernetes.create(resources.users, user)
    } catch (error) {
      throw isConflict(error) ? taken : error
    }
  }
}

/** Whether a user without an account is what a sign-up left behind: one under way is not, nor one that an administrator has touched. */
function isAbandoned({ active, role, fileId, createdAt }: UserRecord, now: number): boolean {
  return !active && role === 'user' && fileId === undefined && now - Date.parse(createdAt) > signUpTakesMs
}
