import { constants, lstatSync, mkdirSync, renameSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { type FilePath, namesOf } from '@karvdash/common'
import { at } from './held.ts'
import { codeOf, missing, refusal } from './refusals.ts'
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

/** What to move where. */
export interface Move {
  from: FilePath
  source: Place
  to: FilePath
  target: Place
}

/**
 * Renames an entry. The look whether the target is free and the rename are one turn of this process; another replica could take the name in
 * the microseconds between (Node has no renameat2).
 */
export async function move({ from, source, to, target }: Move, overwrite: boolean): Promise<void> {
  if (from === '' || to === '') throw refusal(409, 'busy', 'The root of a domain stays where it is.')
  if (!source.stats) throw missing(from)
  if (isWithin(to, from)) throw refusal(409, 'into-itself', `"${from}" cannot be moved into itself.`)
  const inTheWay = lstatSync(at(target.folder, target.name), { throwIfNoEntry: false })
  if (inTheWay && !overwrite) throw refusal(409, 'entry-exists', `There is an entry "${to}" already.`)
  if (inTheWay?.isDirectory() && !source.stats.isDirectory()) throw refusal(409, 'is-a-folder', `"${to}" is a folder.`)
  rename(source, target)
  await syncFolder(target.folder)
  await syncFolder(source.folder)
}

function rename(source: Place, target: Place): void {
  try {
    renameSync(at(source.folder, source.name), at(target.folder, target.name))
  } catch (error) {
    // By way of a link the target can be inside the source although its path does not say so.
    if (codeOf(error) !== 'EINVAL') throw error
    throw refusal(409, 'into-itself', 'A folder cannot be moved into itself.')
  }
}

function isWithin(path: FilePath, folder: FilePath): boolean {
  const names = namesOf(path)
  return names.length > namesOf(folder).length && namesOf(folder).every((name, i) => name === names[i])
}
