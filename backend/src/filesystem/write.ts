import { randomBytes } from 'node:crypto'
import { type BigIntStats, constants, linkSync, lstatSync, renameSync, unlinkSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Entry, type FilePath, nameOf, partPrefix } from '@karvdash/common'
import { appendAt } from './append.ts'
import { type Conditions, insist } from './conditions.ts'
import { entryOf, etagOf } from './entries.ts'
import { at, toReadFolder } from './held.ts'
import { codeOf, refusal } from './refusals.ts'
import type { Place } from './resolve.ts'
import { insistOnRoom, tooLarge } from './room.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/** Whose the files are that we make. */
export interface Owner {
  uid: number
  gid: number
}

/** What is to get a name, and on which conditions. */
export interface Naming {
  /** The path as the caller knows it, for what is told. */
  path: FilePath
  conditions: Conditions
}

/** What to write, and as whom. */
export interface Writing extends Naming {
  source: AsyncIterable<Uint8Array>
  owner: Owner
  /** How many bytes come, where that is known. */
  size?: number | undefined
}

/** What came of it. */
export interface Written {
  entry: Entry
  /** Whether nothing had the name before. */
  isNew: boolean
}

/**
 * Writes a file: its bytes go to a part file beside it, which takes the name when all of them are on the disk. Whoever reads sees the old
 * file or the new; whatever fails leaves the old one, and no part. The conditions are asked before the first byte and again just before the
 * name is taken; a program that writes past us in the microseconds between is not seen. A link to the old file keeps the old content.
 */
export async function writeFile(place: Place, writing: Writing): Promise<Written> {
  mayReplace(place.stats, writing)
  const { part, handle } = await makePart(place, writing)
  try {
    await appendAt(handle, { source: writing.source, from: 0, folder: place.folder, size: writing.size })
    return await takeName(place, { ...writing, part, handle })
  } catch (error) {
    unlinkQuietly(at(place.folder, part))
    throw error
  } finally {
    await handle.close()
  }
}

/** A file that is being written. */
export interface Part {
  /** Its name, beside the name that it will take. */
  part: string
  handle: FileHandle
}

/** Makes an empty part; of so many bytes as cannot be stored, none. @throws Problem 507, 413. */
export async function makePart(place: Place, { owner, size }: Pick<Writing, 'owner' | 'size'>): Promise<Part> {
  if (size !== undefined) await insistOnRoom(place.folder, size)
  const part = partPrefix + randomBytes(12).toString('hex')
  const handle = await open(at(place.folder, part), O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o660)
  try {
    // Given away first, so that the quota of its owner counts while it is written.
    await giveTo(handle, owner, place)
    if (size !== undefined && size >= largestEverywhere) await insistOnLength(handle, size)
    return { part, handle }
  } catch (error) {
    unlinkQuietly(at(place.folder, part))
    await handle.close()
    throw error
  }
}

/** Every file system takes so many bytes of a file. */
const largestEverywhere = 2 ** 31 - 1

/** There is no asking a file system for its longest file, but trying takes no room: what was not written is a hole. */
async function insistOnLength(handle: FileHandle, size: number): Promise<void> {
  await handle.truncate(size).catch((error: unknown) => {
    throw codeOf(error) === 'EFBIG' ? tooLarge(largestEverywhere) : error
  })
  await handle.truncate(0)
}

/** Makes sure that names which were made, changed or removed in a folder outlive a loss of power. */
export async function syncFolder(folder: number): Promise<void> {
  const handle = await open(at(folder, '.'), toReadFolder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Insists that a file may come where this is. @throws Problem 409, 403, 412. */
export function mayReplace(stats: BigIntStats | undefined, { conditions, path }: Naming): void {
  if (stats?.isDirectory()) throw refusal(409, 'is-a-folder', `"${path}" is a folder.`)
  if (stats && !stats.isFile()) throw refusal(409, 'not-a-file', `"${path}" is no file: it cannot be read or written here.`)
  if (stats && (stats.mode & 0o222n) === 0n)
    throw refusal(403, 'no-permission', `"${path}" is read-only: its permissions say so.`)
  insist(conditions, path, stats && etagOf(stats))
}

/** A file that was there keeps its owner and mode, without setuid; one that is new is its user's, with the group of its folder. */
async function giveTo(handle: FileHandle, owner: Owner, { folder, stats: old }: Place): Promise<void> {
  const { isSetgid, gid } = groupOf(folder)
  await handle.chown(Number(old?.uid ?? owner.uid), Number(old?.gid ?? (isSetgid ? gid : owner.gid)))
  await handle.chmod(old ? Number(old.mode & 0o777n) : 0o660)
}

/** The group that what is made in a folder gets, where the folder says so. */
export function groupOf(folder: number): { isSetgid: boolean; gid: number } {
  const { mode, gid } = lstatSync(at(folder, '.'))
  return { isSetgid: (mode & 0o2000) !== 0, gid }
}

/** Gives a part, all of which is on the disk, its name: in one turn of this process, so no other request of ours comes between look and deed. */
export async function takeName({ folder, name }: Place, { part, handle, ...naming }: Part & Naming): Promise<Written> {
  const { ino } = await handle.stat({ bigint: true })
  const [from, to] = [at(folder, part), at(folder, name)]
  const look = (path: string | Buffer) => lstatSync(path, { bigint: true, throwIfNoEntry: false })
  if (look(from)?.ino !== ino)
    throw refusal(409, 'entry-changed', `Something took the place of "${naming.path}" while it was written.`)
  const old = look(to)
  mayReplace(old, naming)
  if (naming.conditions.ifNoneMatch === '*') takeFreeName(from, to)
  else renameSync(from, to)
  await syncFolder(folder)
  return { entry: entryOf(nameOf(naming.path), await handle.stat({ bigint: true })), isNew: old === undefined }
}

/** link(2) never replaces what has the name: of many writers on many replicas just one makes the file. */
function takeFreeName(from: string | Buffer, to: string | Buffer): void {
  try {
    linkSync(from, to)
  } catch (error) {
    // A file system without hard links: what we saw a moment ago, that the name is free, has to do.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')) throw error
    renameSync(from, to)
    return
  }
  unlinkSync(from)
}

/** Removes a part whose writing failed. */
export function unlinkQuietly(path: string | Buffer): void {
  try {
    unlinkSync(path)
  } catch {
    // It has its name already, or the folder is gone: what failed before is the error to tell.
  }
}
