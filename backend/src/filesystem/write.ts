import { randomBytes } from 'node:crypto'
import { type BigIntStats, constants, linkSync, lstatSync, renameSync, unlinkSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Entry, type FilePath, nameOf, partPrefix } from '@karvdash/common'
import { type Conditions, insist } from './conditions.ts'
import { entryOf, etagOf } from './entries.ts'
import { at, toReadFolder } from './held.ts'
import { codeOf, refusal } from './refusals.ts'
import type { Place } from './resolve.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/** Whose the files are that we make. */
export interface Owner {
  uid: number
  gid: number
}

/** What to write, as whom, and on which conditions. */
export interface Writing {
  /** The path as the caller knows it, for what is told. */
  path: FilePath
  source: AsyncIterable<Uint8Array>
  owner: Owner
  conditions: Conditions
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
  const part = partPrefix + randomBytes(12).toString('hex')
  const handle = await open(at(place.folder, part), O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o660)
  try {
    // Given away first, so that the quota of its owner counts while it is written.
    await giveTo(handle, writing.owner, place)
    await writeAll(handle, writing.source)
    await handle.sync()
    const isNew = await takeName(place, { part, handle, writing })
    await syncFolder(place.folder)
    return { entry: entryOf(nameOf(writing.path), await handle.stat({ bigint: true })), isNew }
  } catch (error) {
    unlinkQuietly(at(place.folder, part))
    throw error
  } finally {
    await handle.close()
  }
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

function mayReplace(stats: BigIntStats | undefined, { conditions, path }: Writing): void {
  if (stats?.isDirectory()) throw refusal(409, 'is-a-folder', `"${path}" is a folder.`)
  if (stats && !stats.isFile()) throw refusal(409, 'not-a-file', `"${path}" is no file: it cannot be read or written here.`)
  if (stats && (stats.mode & 0o222n) === 0n)
    throw refusal(403, 'no-permission', `"${path}" is read-only: its permissions say so.`)
  insist(conditions, path, stats && etagOf(stats))
}

async function writeAll(handle: FileHandle, source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of source) {
    for (let done = 0; done < chunk.length; ) done += (await handle.write(chunk, done)).bytesWritten
  }
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

/** Gives the part its name, in one turn of this process: no other request of ours comes between the look and the deed. */
async function takeName({ folder, name }: Place, { part, handle, writing }: Taking): Promise<boolean> {
  const { ino } = await handle.stat({ bigint: true })
  const [from, to] = [at(folder, part), at(folder, name)]
  const look = (path: string | Buffer) => lstatSync(path, { bigint: true, throwIfNoEntry: false })
  if (look(from)?.ino !== ino)
    throw refusal(409, 'entry-changed', `Something took the place of "${writing.path}" while it was written.`)
  const old = look(to)
  mayReplace(old, writing)
  if (writing.conditions.ifNoneMatch === '*') takeFreeName(from, to)
  else renameSync(from, to)
  return old === undefined
}

interface Taking {
  part: string
  handle: FileHandle
  writing: Writing
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

function unlinkQuietly(path: string | Buffer): void {
  try {
    unlinkSync(path)
  } catch {
    // It has its name already, or the folder is gone: what failed before is the error to tell.
  }
}
