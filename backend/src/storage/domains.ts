import { type Domain, DomainName, UserName } from '@karvdash/common'
import type { Config } from '../config.ts'
import type { RootOptions } from '../filesystem/root.ts'
import { sharedGid } from '../users/file-ids.ts'

/** A user whose files have a numeric id. */
export interface FileOwner {
  user: string
  fileId: number
}

/** What a domain is for, and who else can change what lies in it. */
export const descriptions: Record<DomainName, string> = {
  local: 'Your own folder on the storage of this cluster. Nobody else sees it; every service that you launch does.',
  remote: 'Your own folder on the remote storage. Nobody else sees it; every service that you launch does.',
  shared:
    'One folder for everybody. Users trust one another here: whatever lies in it can be read, changed and deleted by every user.',
}

/** Where containers have a domain. */
export function labelOf(domain: DomainName): Domain['label'] {
  return `/${domain}`
}

/** The folder that a domain has in the backend. */
export function domainFolder(domain: DomainName, { domainsFolder }: Pick<Config, 'domainsFolder'>): string {
  return `${domainsFolder}/${domain}`
}

/**
 * The root that a user sees of a domain: their own folder, or the one that is everybody's. This is all that a user may enter, and nothing
 * that they send is in it but their own name.
 */
export function rootFor(
  { user, fileId }: FileOwner,
  domain: DomainName,
  config: Pick<Config, 'domainsFolder' | 'firstUid'>,
): Omit<RootOptions, 'readNames' | 'sweep'> {
  const folder = domainFolder(DomainName.parse(domain), config)
  const view = labelOf(domain)
  if (domain === 'shared') return { folder, view, owner: { uid: fileId, gid: sharedGid(config) } }
  return { folder: `${folder}/${UserName.parse(user)}`, view, owner: { uid: fileId, gid: fileId } }
}
