import { constants, lstatSync, mkdirSync, renameSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { type FilePath, namesOf } from '@karvdash/common'
import { type Conditions, insist } from './conditions.ts'
import { etagOf } from './entries.ts'
import { moveToFree } from './free-name.ts'
import { at } from './held.ts'
import { changed, codeOf, missing, refusal } from './refusals.ts'
import type { Place } from './resolve.ts'
import { groupOf, type Owner, syncFolder } from './write.ts'

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants

/** Makes a folder that its user and, by setgid and the default ACL it inherits, whatever uid their programs run as can write in. */
export async function makeFolder({ folder, name }: Place, owner: Owner): Promise<void> {
  const { isSetgid, gid } = groupOf(folder)
  mkdirSync(at(folder, name), { mode: 0o770 })
  // Opened without following: what is given away is a folder here, whatever took the name since.
  const handle = await open(at(folder, name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  try {
    await handle.chown(owner.uid, isSetgid ? gid : owner.gid)
    await handle.chmod(0o2770)
  } finally {
    await handle.close()
  }
  await syncFolder(folder)
}

/** What to move where, and on which conditions. */
export interface Move {
  from: FilePath
  source: Place
  to: FilePath
  target: Place
  /** Whether a file, or an empty folder, that has the name is replaced. */
  overwrite: boolean
  /** What holds of the entry that is moved. */
  conditions: Conditions
}

/** Renames an entry; unless it may overwrite, {@link moveToFree} tells what is sure. The conditions are asked just before. */
export async function move({ from, source, to, target, overwrite, conditions }: Move): Promise<void> {
  if (from === '' || to === '') throw refusal(409, 'busy', 'The root of a domain stays where it is.')
  const stats = lstatSync(at(source.folder, source.name), { bigint: true, throwIfNoEntry: false })
  if (!stats) throw conditions.ifMatch === undefined ? missing(from) : changed(from, undefined)
  insist(conditions, from, etagOf(stats))
  if (isWithin(to, from)) throw refusal(409, 'into-itself', `"${from}" cannot be moved into itself.`)
  try {
    if (overwrite) replace(source, target, { to, isFolder: stats.isDirectory() })
    else moveToFree(source, target, stats.isDirectory())
  } catch (error) {
    // By way of a link the target can be inside the source although its path does not say so.
    if (codeOf(error) !== 'EINVAL') throw error
    throw refusal(409, 'into-itself', 'A folder cannot be moved into itself.')
  }
  await syncFolder(target.folder)
  await syncFolder(source.folder)
}

function replace(source: Place, target: Place, { to, isFolder }: { to: FilePath; isFolder: boolean }): void {
  const inTheWay = lstatSync(at(target.folder, target.name), { throwIfNoEntry: false })
  if (inTheWay?.isDirectory() && !isFolder) throw refusal(409, 'is-a-folder', `"${to}" is a folder.`)
  renameSync(at(source.folder, source.name), at(target.folder, target.name))
}

function isWithin(path: FilePath, folder: FilePath): boolean {
  const names = namesOf(path)
  return names.length > namesOf(folder).length && namesOf(folder).every((name, i) => name === names[i])
}
