import { type ArchiveFormat, contract, type FilePath, folderOf, nameOf } from '@karvdash/common'
import { openArchive } from '../filesystem/archive.ts'
import { usageOf } from '../filesystem/usage.ts'
import type { Binder } from '../http/bind.ts'
import { callerOf } from '../http/state.ts'
import type { Storage } from './storage.ts'

const types: Record<ArchiveFormat, string> = { zip: 'application/zip', tar: 'application/x-tar', 'tar.gz': 'application/gzip' }

/** Operations on many entries at once that change none. */
export function manyEntriesRoutes({ bind, bindStream }: Binder, storage: Storage): void {
  bindStream(contract.readArchive, async ({ params: { domain }, query: { path: paths, format } }, ctx) => {
    const root = await storage.open(callerOf(ctx).user, domain)
    return {
      name: `${archiveName(paths) || domain}.${format}`,
      type: types[format],
      stream: await openArchive(root, { paths, format, rootName: domain }),
    }
  })
  bind(contract.getUsage, async ({ params: { domain }, query }, ctx) => {
    const allowed = storage.allowances.of(domain)
    const usage = await usageOf(await storage.open(callerOf(ctx).user, domain), query.path)
    return { ...usage, ...(allowed !== undefined && { allowed }) }
  })
}

/** After the one entry that is in it, or else after the folder of the first. */
function archiveName(paths: readonly FilePath[]): string {
  const [first] = paths
  if (first === undefined) return ''
  return paths.length === 1 ? nameOf(first) : nameOf(folderOf(first))
}
