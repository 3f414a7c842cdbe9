import { UserName } from './names.ts'

/** What can be done with a repository; registries call it so in the scopes of their tokens. */
export type ImageAction = 'pull' | 'push' | 'delete'

/** The first part of names that everybody shares. */
export const sharedImages = 'library'

/** Who asks. */
export interface ImageUser {
  user: string
  role: 'user' | 'admin'
}

/**
 * What somebody may do with a repository. All may pull everything; each user adds to what begins with their own name, and to shared names that do
 * not exist yet; only admins change what is shared, write the platform's own names, and delete.
 */
export function imageRights({ user, role }: ImageUser, repository: string, isThere: boolean): ImageAction[] {
  if (role === 'admin') return ['pull', 'push', 'delete']
  const [owner = ''] = repository.split('/')
  const isOwn = owner === user && UserName.safeParse(user).success
  return isOwn || (owner === sharedImages && !isThere) ? ['pull', 'push'] : ['pull']
}
