import type { Entry } from '@karvdash/common'
import { FileChangeType, FilePermission, type FileStat, FileType } from 'vscode'
import type { Shown } from './conflicts.ts'
import type { TreeChange } from './listings.ts'

/** What VS Code is told of the server's root. */
export const rootStat: FileStat = { type: FileType.Directory, ctime: 0, mtime: 0, size: 0, permissions: FilePermission.Readonly }

const changeTypes = { changed: FileChangeType.Changed, created: FileChangeType.Created, deleted: FileChangeType.Deleted }

/** VS Code's word for a change. */
export function changeType({ type }: TreeChange): FileChangeType {
  return changeTypes[type]
}

const kinds = {
  file: FileType.File,
  folder: FileType.Directory,
  'link-broken': FileType.Unknown,
  other: FileType.Unknown,
}

/** VS Code's word for what an entry is. */
export function typeOf({ type, link }: Entry): FileType {
  return link === undefined ? kinds[type] : kinds[type] | FileType.SymbolicLink
}

/** What VS Code is told of an entry; it takes times as whole milliseconds. */
export function statOf(entry: Entry, { size, modified }: Shown = entry): FileStat {
  return {
    type: typeOf(entry),
    ctime: Math.floor(entry.created),
    mtime: Math.ceil(modified),
    size,
    ...(!entry.writable && { permissions: FilePermission.Readonly }),
  }
}
