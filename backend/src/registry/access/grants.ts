import { type ImageAction, imageRights, RepositoryName, sharedImages } from '@karvdash/common'
import type { Scope } from './scopes.ts'
import type { TokenAccess } from './tokens.ts'

/** Who asks for a token. */
export interface Holder {
  user: string
  role: 'user' | 'admin'
  /** What the credential lets do at most. */
  may: readonly ImageAction[]
  /** Whether it lets see the names of all images. */
  catalogue: boolean
}

/** Whether the registry has an image under this name. */
export type IsThere = (repository: string) => Promise<boolean>

/** What of the asked somebody is let do; what they may not is left out, and so is what the registry knows nothing of. */
export async function granted(holder: Holder, scopes: readonly Scope[], isThere: IsThere): Promise<TokenAccess[]> {
  const found = await Promise.all(scopes.map((scope) => accessOf(holder, scope, isThere)))
  return found.filter(({ actions }) => actions.length > 0)
}

async function accessOf(holder: Holder, { type, name, actions }: Scope, isThere: IsThere): Promise<TokenAccess> {
  const isCatalogue = type === 'registry' && name === 'catalog' && actions.includes('*')
  if (isCatalogue) return { type, name, actions: holder.catalogue ? ['*'] : [] }
  if (type !== 'repository' || !RepositoryName.safeParse(name).success) return { type, name, actions: [] }
  const isAsked = (action: ImageAction) => actions.includes(action) || actions.includes('*')
  const couldAdd = isAsked('push') && holder.role === 'user' && name.startsWith(`${sharedImages}/`) && holder.may.includes('push')
  const rights = imageRights(holder, name, couldAdd && (await isThere(name)))
  return { type, name, actions: rights.filter((right) => isAsked(right) && holder.may.includes(right)) }
}
