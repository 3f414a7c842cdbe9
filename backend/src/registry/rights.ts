import { type ImageAction, type ImageUser, imageRights, permits, type TokenScope } from '@karvdash/common'

/** Who asks, and what their credential may do; without scopes it is somebody who signed in themselves. */
export interface ImageCaller extends ImageUser {
  scopes?: readonly TokenScope[] | undefined
}

/** What a caller may do with a repository: a token acts for an admin where it may do what admins do, and one that is read-only pulls. */
export function rightsOf({ user, role, scopes }: ImageCaller, repository: string, isThere: boolean): ImageAction[] {
  const may = (scope: 'images' | 'admin', method: string) => permits(scopes, { scope, method })
  if (!may('images', 'GET')) return []
  const acting = role === 'admin' && may('admin', 'POST') ? 'admin' : 'user'
  const rights = imageRights({ user, role: acting }, repository, isThere)
  return may('images', 'POST') ? rights : rights.filter((right) => right === 'pull')
}
