import { type BigIntStats, fstatSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Entry, nameOf } from '@karvdash/common'
import { appendAt, tooMany } from './append.ts'
import { entryOf } from './entries.ts'
import { at, holdAny, itself, toWrite } from './held.ts'
import { codeOf, refusal } from './refusals.ts'
import type { Place } from './resolve.ts'
import { isAbandoned, partLifeMs } from './sweep.ts'
import { makePart, mayReplace, type Naming, type Owner, takeName, unlinkQuietly } from './write.ts'

/** An upload that many requests bring. Its state is its part: the size of that is the offset. */
export interface Resumable extends Naming {
  /** Bytes of the whole file. */
  size: number
  part: string
  /** What tells the part, whatever it is called, from any other file. */
  file: string
}

/** How far an upload is. */
export interface Progress {
  /** Bytes that count. */
  offset: number
  /** When it is given up unless more comes, in ms since 1970. */
  expires: number
  /** The file, once it has its name. */
  entry?: Entry
}

/** Begins an upload; one of no bytes is at its end at once. @throws Problem 507, 413, and what the conditions refuse. */
export async function beginUpload(
  place: Place,
  { owner, ...begun }: Naming & { owner: Owner; size: number },
): Promise<Pick<Resumable, 'part' | 'file'> & Progress> {
  mayReplace(place.stats, begun)
  const { part, handle } = await makePart(place, { owner, size: begun.size })
  try {
    const told = { part, file: identityOf(fstatSync(handle.fd, { bigint: true })), offset: 0, expires: Date.now() + partLifeMs }
    if (begun.size > 0) return told
    const { entry } = await takeName(place, { ...begun, part, handle })
    return { ...told, entry }
  } catch (error) {
    unlinkQuietly(at(place.folder, part))
    throw error
  } finally {
    await handle.close()
  }
}

/** How far an upload is. @throws Problem 410 where nothing is left of it. */
export async function progressOf(place: Place, upload: Resumable): Promise<Progress> {
  const ended = endOf(place, upload)
  if (ended) return ended
  const handle = await openPart(place, upload)
  try {
    return standOf(handle, upload)
  } finally {
    await handle.close()
  }
}

/** Bytes of one request. */
export interface Bytes {
  /** Where the first of them goes. */
  offset: number
  /** How many come, where that is known. */
  length?: number | undefined
  source: AsyncIterable<Uint8Array>
  /** Asked when all of them came; what comes in one request counts only where the answer is yes. */
  isIntact?: (() => boolean) | undefined
}

/**
 * Adds bytes to an upload; with the last of them the file takes its name. What breaks off counts as far as it came, unless it was to be checked.
 * @throws Problem 409 `upload-offset` where the bytes belong elsewhere, 460 where they are not intact, 410, 507, and what the conditions refuse.
 */
export async function appendTo(place: Place, upload: Resumable, bytes: Bytes): Promise<Progress> {
  const ended = endOf(place, upload)
  if (ended) throw elsewhere(ended.offset)
  const handle = await openPart(place, upload)
  try {
    const { offset } = standOf(handle, upload)
    if (bytes.offset !== offset) throw elsewhere(offset)
    if (offset + (bytes.length ?? 0) > upload.size) throw tooMany(upload.size)
    // All of them came once, but the file did not get its name.
    if (fstatSync(handle.fd).size > offset) await handle.truncate(offset)
    await takeBytes(handle, { place, upload, bytes })
    const stand = standOf(handle, upload)
    if (fstatSync(handle.fd).size < upload.size) return stand
    return { ...stand, offset: upload.size, entry: await named(place, upload, handle) }
  } finally {
    await handle.close()
  }
}

/** Gives an upload up. @throws Problem 410 where nothing is left of it. */
export async function abandonUpload(place: Place, upload: Resumable): Promise<void> {
  const handle = await openPart(place, upload)
  unlinkQuietly(at(place.folder, upload.part))
  await handle.close()
}

interface Taking {
  place: Place
  upload: Resumable
  bytes: Bytes
}

async function takeBytes(handle: FileHandle, { place, upload, bytes }: Taking): Promise<void> {
  const { offset: from, isIntact } = bytes
  try {
    await appendAt(handle, { source: bytes.source, from, folder: place.folder, size: upload.size })
    if (isIntact?.() === false) throw refusal(460, 'upload-checksum', 'The bytes are not those of the checksum. Send them again.')
  } catch (error) {
    // What another connection wrote is its own to keep.
    if (isTakenOver(error)) throw error
    const isKept = !isIntact && (await handle.sync().then(yes, no))
    // What may not be on the disk, or is not what was sent, does not count.
    if (!isKept) await handle.truncate(from)
    throw error
  }
}

const [yes, no] = [() => true, () => false]

function isTakenOver(error: unknown): boolean {
  return (error as { extra?: { code?: unknown } }).extra?.code === 'upload-offset'
}

/** What the conditions refuse at the end they would refuse for ever: nothing is kept for another try. */
async function named(place: Place, upload: Resumable, handle: FileHandle): Promise<Entry> {
  try {
    return (await takeName(place, { ...upload, handle })).entry
  } catch (error) {
    if ((error as { status?: number }).status !== undefined) unlinkQuietly(at(place.folder, upload.part))
    throw error
  }
}

/** An upload whose file has the name already: the answer to its last bytes was lost. */
function endOf({ folder, stats }: Place, { file, part, path, size }: Resumable): Progress | undefined {
  if (!stats || identityOf(stats) !== file) return undefined
  // Between link(2) and unlink(2) it has both names.
  if (stats.nlink > 1n) unlinkQuietly(at(folder, part))
  return { offset: size, expires: Date.now() + partLifeMs, entry: entryOf(nameOf(path), stats) }
}

/** The last byte does not count before the file has its name: who has sent all of them and got no answer sends that one again. */
function standOf(handle: FileHandle, { size }: Resumable): Progress {
  const stats = fstatSync(handle.fd)
  return { offset: Math.min(stats.size, Math.max(size - 1, 0)), expires: stats.mtimeMs + partLifeMs }
}

/** Opens the part of an upload: it alone, whatever took its name. */
async function openPart({ folder }: Place, { part, file }: Resumable): Promise<FileHandle> {
  try {
    using it = holdAny(folder, part)
    const stats = fstatSync(it.fd, { bigint: true })
    if (isAbandoned(stats, Date.now())) unlinkQuietly(at(folder, part))
    else if (stats.isFile() && identityOf(stats) === file) return await open(itself(it), toWrite)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
  throw refusal(410, 'upload-gone', 'Nothing is left of this upload: it was given up, or it waited for too long. Begin it again.')
}

/** A name says nothing where tenants swap files; inode and time of birth stay with a file, and come to no other. */
function identityOf({ ino, birthtimeNs }: BigIntStats): string {
  return `${ino.toString(36)}-${birthtimeNs.toString(36)}`
}

function elsewhere(offset: number) {
  return refusal(409, 'upload-offset', `The next byte of this upload is number ${offset}, counted from 0.`, { offset })
}
