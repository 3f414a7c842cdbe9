import { folderOf, rootPath } from '@karvdash/common'
import { ancestry } from '../../filesystem/ancestry.ts'
import { refusal } from '../../filesystem/refusals.ts'
import { identityAt } from '../../filesystem/settle.ts'
import type { JobRecord } from './record.ts'
import type { OpenDomain, Site } from './site.ts'
import { freeIn } from './work.ts'

/**
 * Looks at a job before it is recorded: what is not there, leads into itself or is in the way is told at once.
 * @returns the entries with what they are known by, and what they will be called as it looks now.
 * @throws Problem 404, 409.
 */
export async function checked(record: JobRecord, site: Site, open: OpenDomain): Promise<JobRecord['entries']> {
  const { root } = await open(record.user, record.to.domain)
  using top = await root.hold(rootPath)
  const above = ancestry(site.to, top)
  const names = new Set<string>()
  const entries: JobRecord['entries'] = []
  for (const [i, entry] of record.entries.entries()) {
    const { root: source } = await open(record.user, entry.domain)
    const { type } = await source.stat(entry.path)
    const identity = identityOf(site, i)
    if (entry.path === '') throw refusal(409, 'busy', 'The root of a domain stays where it is: name what is in it.')
    if (type === 'other') throw refusal(409, 'not-a-file', `"${entry.path}" is no file: it cannot be copied or moved.`)
    if (identity !== undefined && above.has(identity))
      throw refusal(409, 'into-itself', `"${entry.path}" cannot be put into itself.`)
    const name = record.onConflict === 'rename' ? freeIn(site.to.fd, entry.name, names) : entry.name
    if (names.has(name)) throw refusal(409, 'entry-exists', `Several entries would be called "${name}".`)
    names.add(name)
    await mayTake({ ...entry, name }, { site, index: i, record, open })
    entries.push({ ...entry, name, ...(identity !== undefined && { identity }) })
  }
  return entries
}

interface Taking {
  site: Site
  index: number
  record: JobRecord
  open: OpenDomain
}

/** Whether what has the name may be replaced, and is not what holds the source. */
async function mayTake(entry: JobRecord['entries'][number], { site, index, record, open }: Taking): Promise<void> {
  const old = identityAt({ folder: site.to.fd, name: entry.name })
  if (old === undefined) return
  if (record.onConflict === 'refuse') throw refusal(409, 'entry-exists', `There is an entry "${entry.name}" already.`)
  const { root } = await open(record.user, entry.domain)
  using folder = await root.hold(folderOf(entry.path))
  using top = await root.hold(rootPath)
  if (old === identityOf(site, index) || ancestry(folder, top).has(old))
    throw refusal(409, 'into-itself', `"${entry.name}" would be replaced by what it holds itself.`)
}

function identityOf({ sources }: Site, index: number): string | undefined {
  const source = sources[index]
  return source && identityAt(source)
}
