import { type EntryPlace, folderOf, nameOf, Problem } from '@karvdash/common'
import type { Name } from '../../filesystem/free-name.ts'
import type { Held } from '../../filesystem/held.ts'
import type { Root } from '../../filesystem/root.ts'
import type { Owner } from '../../filesystem/write.ts'
import { rootFor } from '../domains.ts'
import type { Storage } from '../storage.ts'
import type { JobRecord } from './record.ts'

/** The folders that a job works in, held for as long as it does: whatever is moved or swapped meanwhile, it stays in those. */
export interface Site extends Disposable {
  /** The folder where to. */
  to: Held
  /** What to copy or move; undefined where its folder is gone. */
  sources: (Name | undefined)[]
  /** Whether an entry may stay the same file: what lies in another domain may have to be another group's. */
  isAlike: boolean[]
  /** Whose what is made is. */
  owner: Owner
  /** @throws Problem 507 where the user may not bring so many bytes. */
  mayBring: (bytes: number) => Promise<void>
}

/** The root of a user's domain, whose the files in it are, and whether so much more may come. */
export interface Opened {
  root: Root
  owner: Owner
  mayBring: Site['mayBring']
}

/** Opens the root of a user's domain, and tells whose the files in it are. */
export type OpenDomain = (user: string, domain: EntryPlace['domain']) => Promise<Opened>

/** Holds the folders of a job. @throws Problem where the one where to is not there. */
export async function openSite(
  { user, to, entries }: Pick<JobRecord, 'user' | 'to' | 'entries'>,
  open: OpenDomain,
): Promise<Site> {
  const held: Held[] = []
  const dispose = () => {
    for (const one of held.splice(0)) one[Symbol.dispose]()
  }
  try {
    const target = await open(user, to.domain)
    const goal = await target.root.hold(to.path)
    held.push(goal)
    const site: Site = {
      to: goal,
      sources: [],
      isAlike: [],
      owner: target.owner,
      mayBring: target.mayBring,
      [Symbol.dispose]: dispose,
    }
    for (const { domain, path } of entries) {
      const { root, owner } = await open(user, domain)
      const folder = await root.hold(folderOf(path)).catch(() => undefined)
      if (folder) held.push(folder)
      site.sources.push(folder && { folder: folder.fd, name: nameOf(path) })
      site.isAlike.push(owner.gid === target.owner.gid)
    }
    return site
  } catch (error) {
    dispose()
    throw error
  }
}

/** Opens domains as requests do. */
export function domainOpener({ storage, fileIdOf, config }: OpenerPorts): OpenDomain {
  return async (user, domain) => {
    const root = await storage.open(user, domain)
    const fileId = await fileIdOf(user)
    if (fileId === undefined)
      throw new Problem(503, 'Not available', { detail: 'Your folders are still being made. Try again in a moment.' })
    const mayBring = (bytes: number) => storage.allowances.insist(user, domain, bytes)
    return { root, owner: rootFor({ user, fileId }, domain, config).owner, mayBring }
  }
}

export interface OpenerPorts {
  storage: Pick<Storage, 'open' | 'allowances'>
  fileIdOf: (user: string) => Promise<number | undefined>
  config: Parameters<typeof rootFor>[2]
}
