import { type Domain, DomainName, type FilePath, Problem, rootPath } from '@karvdash/common'
import type { Config } from '../config.ts'
import { createReadNames } from '../filesystem/listing.ts'
import { isWritable, type Presence } from '../filesystem/presence.ts'
import { openRoot, type Root } from '../filesystem/root.ts'
import { createSweep } from '../filesystem/sweep.ts'
import { usageOf } from '../filesystem/usage.ts'
import type { WatchTarget } from '../filesystem/watched-folder.ts'
import { createWatches } from '../filesystem/watches.ts'
import { type Allowances, createAllowances } from './allowances.ts'
import { descriptions, domainFolder, labelOf, rootFor } from './domains.ts'
import { createFolderEvents, type FolderEvents } from './folder-events.ts'

/** Domains and what lies in them. */
export interface Storage {
  /** All three; one that is away says so, and the others go on. */
  domains(): Promise<Domain[]>
  /** Those whose storage does not answer at the moment. */
  away(): Promise<DomainName[]>
  /** What a user sees of a domain. @throws Problem 503 where it is away, or their folder is not there yet. */
  open(user: string, domain: DomainName): Promise<Root>
  /** What users may bring. */
  allowances: Allowances
  /** What changes in folders. */
  events: FolderEvents
}

export interface StoragePorts {
  config: Pick<Config, 'domainsFolder' | 'firstUid' | 'allowances'>
  /** The numeric id of a user's files, undefined until they have one. */
  fileIdOf: (user: string) => Promise<number | undefined>
  presence: Presence
}

/** Storage on folders that are mounted here. */
export function createStorage({ config, fileIdOf, presence }: StoragePorts): Storage {
  const readNames = createReadNames()
  const sweep = createSweep()
  const answers = (domain: DomainName) =>
    presence(domainFolder(domain, config)).then(
      () => true,
      () => false,
    )
  async function described(name: DomainName): Promise<Domain> {
    const folder = domainFolder(name, config)
    const isThere = await answers(name)
    const description = isThere ? descriptions[name] : `${descriptions[name]} It does not answer at the moment.`
    const writable = isThere && (await isWritable(folder))
    return { name, label: labelOf(name), description, writable, ...(!isThere && { away: true }) }
  }
  async function open(user: string, domain: DomainName): Promise<Root> {
    const fileId = await fileIdOf(user)
    if (fileId === undefined) {
      const detail = 'Your folders are still being made. Try again in a moment.'
      throw new Problem(503, 'Not available', { detail, extra: { code: 'domain-away', retryAfter: 2 } })
    }
    await presence(domainFolder(domain, config))
    const root = openRoot({ ...rootFor({ user, fileId }, domain, config), readNames, sweep })
    return allowances.bound(root, user, domain)
  }
  const allowances = createAllowances({
    allowed: config.allowances,
    count: async (user, domain) => (await usageOf(await open(user, domain), rootPath)).bytes,
  })
  async function targetOf(user: string, domain: DomainName, path: FilePath): Promise<WatchTarget> {
    const root = await open(user, domain)
    const hold = () => presence(domainFolder(domain, config)).then(() => root.hold(path))
    return { key: [domain, domain === 'shared' ? '' : user, path].join('/'), hold }
  }
  const watches = createWatches({ readNames, after })
  return {
    domains: () => Promise.all(DomainName.options.map(described)),
    async away() {
      const isThere = await Promise.all(DomainName.options.map(answers))
      return DomainName.options.filter((_, at) => !isThere[at])
    },
    open,
    allowances,
    events: createFolderEvents({ watches, targetOf, after }),
  }
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms).unref()
  return () => clearTimeout(timer)
}
