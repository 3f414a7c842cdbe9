import { type BigIntStats, lstatSync, renameSync } from 'node:fs'
import { rmdir, unlink } from 'node:fs/promises'
import { isCopy } from './copy-file.ts'
import { moveToFree, type Name } from './free-name.ts'
import { at } from './held.ts'
import { Ladder } from './ladder.ts'
import { codeOf } from './refusals.ts'
import { remove } from './remove.ts'
import { Shadow } from './shadow.ts'
import { look, walk } from './walk.ts'

/** What has a name is known by this again: it is told apart from all that ever had the name. */
export function identityAt({ folder, name }: Name): string | undefined {
  const stats = lstatSync(at(folder, name), { bigint: true, throwIfNoEntry: false })
  return stats && `${stats.dev}:${stats.ino}`
}

/**
 * Gives an entry a name for good, one that nothing has, or instead of what has it. A file takes another file's place in one step; a folder
 * that is replaced is put aside first, beside the other under `aside`, and gone when the other has its name.
 * @throws errors of the file system; `EEXIST` where something has the name and is not to be replaced.
 */
export async function settle(from: Name, to: Name, { aside }: { aside: string | undefined }): Promise<void> {
  const isFolder = lstatSync(at(from.folder, from.name)).isDirectory()
  const old = lstatSync(at(to.folder, to.name), { throwIfNoEntry: false })
  if (aside === undefined || !old) moveToFree(from, to, isFolder)
  else if (!isFolder && !old.isDirectory()) renameSync(at(from.folder, from.name), at(to.folder, to.name))
  else {
    const old = { folder: from.folder, name: aside }
    renameSync(at(to.folder, to.name), at(old.folder, old.name))
    try {
      moveToFree(from, to, isFolder)
    } catch (error) {
      // Somebody else was faster: what was there is not lost for that.
      if (!isThere(to)) renameSync(at(old.folder, old.name), at(to.folder, to.name))
      throw error
    }
  }
  if (aside !== undefined) await removeIfThere({ folder: from.folder, name: aside })
}

function isThere({ folder, name }: Name): boolean {
  return lstatSync(at(folder, name), { throwIfNoEntry: false }) !== undefined
}

/** Removes an entry and all below it; none is fine. */
export async function removeIfThere({ folder, name }: Name): Promise<void> {
  await remove(folder, name, { recursive: true }).catch(unlessGone)
}

/**
 * Removes what was moved: only what its copy has, of the same length and time. What changed since it was copied, or came since, stays where it is.
 * @returns how many entries stay.
 */
export async function removeCopied(original: Name, copy: Name): Promise<number> {
  const stats = await look(original.folder, original.name)
  if (!stats) return 0
  if (!stats.isDirectory()) return (await isRemoved(original, stats, copy)) ? 0 : 1
  if (!(await look(copy.folder, copy.name))?.isDirectory()) return 1
  const stay = await removeTree(original, copy)
  return stay + (await isEmptied(original, stay))
}

async function removeTree(original: Name, copy: Name): Promise<number> {
  using source = new Ladder(original)
  using shadow = new Shadow(copy)
  let stay = 0
  for await (const visit of walk(source)) {
    if (visit.kind === 'names') continue
    const here = { folder: source.here, name: visit.name }
    if (visit.kind === 'leaf' && !(await isRemoved(here, visit.stats, shadow.twin(visit.name)))) stay++
    if (visit.kind === 'enter') shadow.down(visit.name)
    if (visit.kind === 'leave') shadow.up()
    if (visit.kind === 'left') stay += await isEmptied(here, stay)
  }
  return stay
}

/** Removes a folder in which nothing stays; 1 where it was not, and nothing told why so far: something is being written in it. */
async function isEmptied({ folder, name }: Name, stay: number): Promise<number> {
  try {
    await rmdir(at(folder, name))
    return 0
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'ENOENT', 'EBUSY'].includes(codeOf(error) ?? '')) throw error
    return codeOf(error) !== 'ENOENT' && stay === 0 ? 1 : 0
  }
}

async function isRemoved(original: Name, stats: BigIntStats, copy: Name | undefined): Promise<boolean> {
  if (!copy) return false
  const twin = await look(copy.folder, copy.name)
  const isKept = stats.isFile() ? isCopy(twin, stats) : stats.isSymbolicLink() ? twin?.isSymbolicLink() : true
  if (!isKept) return false
  await unlink(at(original.folder, original.name)).catch(unlessGone)
  return true
}

function unlessGone(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error
}
