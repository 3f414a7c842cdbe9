import { randomBytes } from 'node:crypto'
import { linkSync, lstatSync, mkdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import { partPrefix } from '@karvdash/common'
import { at } from './held.ts'
import { codeOf } from './refusals.ts'

/** One name of a folder that is held. */
export interface Name {
  folder: number
  name: string
}

/**
 * Gives an entry another name, one that nothing has: whoever takes that name in the same moment, on another replica or past us, keeps it.
 * A file gets the name as a second link (link(2) never replaces) and then loses the first. For a folder the name is reserved by an empty
 * folder, which rename(2) replaces only while it is empty. On a file system without hard links a look just before has to do for files.
 * @throws errors of the file system; `EEXIST` where something has the name.
 */
export function moveToFree(from: Name, to: Name, isFolder: boolean): void {
  if (isFolder) moveFolder(from, to)
  else moveFile(from, to)
}

function moveFolder(from: Name, to: Name): void {
  const target = at(to.folder, to.name)
  mkdirSync(target, { mode: 0o700 })
  try {
    renameSync(at(from.folder, from.name), target)
  } catch (error) {
    removeIfEmpty(target)
    // Somebody filled the empty folder, or put something else in its place: it is theirs now.
    throw ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '') ? taken(error) : error
  }
}

function moveFile(from: Name, to: Name): void {
  const [source, target] = [at(from.folder, from.name), at(to.folder, to.name)]
  try {
    linkSync(source, target)
  } catch (error) {
    if (!isWithoutLinks(error)) throw error
    if (lstatSync(target, { throwIfNoEntry: false })) throw taken(error)
    renameSync(source, target)
    return
  }
  withdraw(from, lstatSync(target, { bigint: true, throwIfNoEntry: false })?.ino)
}

/** Takes the first name from what has two. What a program saved under that name in the meantime is something else, and gets it back. */
function withdraw(from: Name, ino: bigint | undefined): void {
  const [name, aside] = [at(from.folder, from.name), at(from.folder, partName())]
  try {
    renameSync(name, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (lstatSync(aside, { bigint: true }).ino === ino) unlinkSync(aside)
  else renameSync(aside, name)
}

/** A name of ours that no listing shows. */
export function partName(): string {
  return partPrefix + randomBytes(12).toString('hex')
}

/** Whether a file system says that it has no hard links, or not of this. */
export function isWithoutLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')
}

function removeIfEmpty(path: string | Buffer): void {
  try {
    rmdirSync(path)
  } catch {
    // It is not the one that was made here any more.
  }
}

function taken(cause: unknown): Error {
  return Object.assign(new Error('the name is taken', { cause }), { code: 'EEXIST', syscall: 'rename' })
}
