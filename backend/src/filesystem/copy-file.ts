import { type BigIntStats, constants, fstatSync } from 'node:fs'
import { type FileHandle, lchown, open, readlink, symlink } from 'node:fs/promises'
import type { Name } from './free-name.ts'
import { at, holdAny, itself, toRead } from './held.ts'
import { copyByKernel } from './kernel-copy.ts'
import { codeOf, refusal } from './refusals.ts'
import { remove } from './remove.ts'
import { look } from './walk.ts'
import { groupOf, type Owner } from './write.ts'

/** How far a copy is. */
export interface Tally {
  entries: number
  bytes: number
  /** FIFOs, sockets and devices that were left out. */
  dropped: number
}

/** On whose behalf something is copied, and what is known of it. */
export interface Copier {
  owner: Owner
  tally: Tally
  /** Ends it, in the middle of a file too. */
  signal: AbortSignal
}

/** What to copy to which name; a name that has it already, of the same length and time, keeps it. */
export interface Leaf {
  from: Name
  to: Name
  /** For what is told. */
  path: string
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
const chunkBytes = 256 * 1024
/** From here on it is worth a program of its own, which has the kernel copy, and only what a sparse file holds. */
const largeBytes = 4 * 1024 * 1024
const mostTurns = 2
/** utimensat(2) is given microseconds by Node. */
const clockNs = 2000n

/** Copies what is no folder: a file, a link as a link; what can be opened only by programs is left out. */
export async function copyLeaf(leaf: Leaf, stats: BigIntStats, copier: Copier): Promise<void> {
  copier.signal.throwIfAborted()
  if (stats.isSymbolicLink()) await copyLink(leaf, copier)
  else if (stats.isFile()) await copyFile(leaf, copier)
  else copier.tally.dropped++
}

/** Whether two files are told apart by nothing that a copy keeps. */
export function isCopy(copy: BigIntStats | undefined, of: BigIntStats): boolean {
  if (!copy?.isFile() || copy.size !== of.size) return false
  const apart = copy.mtimeNs - of.mtimeNs
  return apart < clockNs && apart > -clockNs
}

/** When something was changed, as utimes wants it. */
export function secondsOf({ mtimeNs }: BigIntStats): number {
  return Number(mtimeNs / 1000n) / 1e6
}

async function copyLink({ from, to }: Leaf, { tally, owner }: Copier): Promise<void> {
  const target = await readlink(at(from.folder, from.name), { encoding: 'buffer' }).catch(unlessGone)
  if (!target) return
  if (!target.equals(await readlink(at(to.folder, to.name), { encoding: 'buffer' }).catch(() => Buffer.alloc(0)))) {
    await clear(to)
    await symlink(target, at(to.folder, to.name))
    await lchown(at(to.folder, to.name), owner.uid, groupFor(to.folder, owner))
  }
  tally.entries++
}

/** A file that is changed while it is read is read once more. @throws Problem 409 `entry-changed` where that is of no use either. */
async function copyFile(leaf: Leaf, copier: Copier): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn++) {
    const before = copier.tally.bytes
    if (await isDone(leaf, copier)) {
      copier.tally.entries++
      return
    }
    copier.tally.bytes = before
    await clear(leaf.to)
  }
  throw refusal(409, 'entry-changed', `"${leaf.path}" changes all the time: it was read twice, and was another before its end.`)
}

async function isDone({ from, to }: Leaf, copier: Copier): Promise<boolean> {
  const source = await openFile(from)
  if (!source) return true
  try {
    const { handle, stats } = source
    if (!stats.isFile()) return false
    if (isCopy(await look(to.folder, to.name), stats)) {
      copier.tally.bytes += Number(stats.size)
      return true
    }
    await clear(to)
    await using target = await open(at(to.folder, to.name), O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600)
    await target.chown(copier.owner.uid, groupFor(to.folder, copier.owner))
    if (!(await isCopied(handle, target, { size: Number(stats.size), copier }))) return false
    await target.chmod(Number(stats.mode & 0o777n))
    await target.utimes(secondsOf(stats), secondsOf(stats))
    return isStill(stats, await handle.stat({ bigint: true }))
  } finally {
    await source.handle.close()
  }
}

/** Opens what is a file, for sure; undefined where it is gone. */
async function openFile({ folder, name }: Name): Promise<{ handle: FileHandle; stats: BigIntStats } | undefined> {
  try {
    using it = holdAny(folder, name)
    const stats = fstatSync(it.fd, { bigint: true })
    if (!stats.isFile()) throw refusal(409, 'entry-changed', `"${name}" changed while it was copied.`)
    return { handle: await open(itself(it), toRead), stats }
  } catch (error) {
    return unlessGone(error)
  }
}

/** A file that only grew, as a log does, is whole up to where it ended when it was opened. */
function isStill(before: BigIntStats, now: BigIntStats): boolean {
  return now.size > before.size || (now.size === before.size && now.mtimeNs === before.mtimeNs)
}

interface Content {
  size: number
  copier: Copier
}

/** False where the source got shorter. */
async function isCopied(source: FileHandle, target: FileHandle, content: Content): Promise<boolean> {
  if (content.size >= largeBytes) return isCopiedByKernel(source, target, content)
  const { size, copier } = content
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, size))
  for (let at = 0; at < size; ) {
    copier.signal.throwIfAborted()
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, size - at), at)
    if (bytesRead === 0) return false
    for (let done = 0; done < bytesRead; ) done += (await target.write(buffer, done, bytesRead - done)).bytesWritten
    at += bytesRead
    copier.tally.bytes += bytesRead
  }
  return true
}

const pollMs = 250

/** True even for a file that grew meanwhile: what is beyond its first length is cut off. */
async function isCopiedByKernel(source: FileHandle, target: FileHandle, { size, copier }: Content): Promise<boolean> {
  const begun = copier.tally.bytes
  const grown = new AbortController()
  const look = async () => {
    const { size: now } = await target.stat()
    copier.tally.bytes = Math.max(copier.tally.bytes, begun + Math.min(now, size))
    // Somebody writes on and on.
    if (now > size + largeBytes) grown.abort()
  }
  const timer = setInterval(() => void look().catch(() => undefined), pollMs)
  try {
    await copyByKernel(source.fd, target.fd, AbortSignal.any([copier.signal, grown.signal]))
  } catch (error) {
    if (!grown.signal.aborted || copier.signal.aborted) throw error
  } finally {
    clearInterval(timer)
  }
  if ((await target.stat()).size < size) return false
  await target.truncate(size)
  copier.tally.bytes = begun + size
  return true
}

/** The group of what is made in a folder. */
export function groupFor(folder: number, owner: Owner): number {
  const { isSetgid, gid } = groupOf(folder)
  return isSetgid ? gid : owner.gid
}

/** Takes away whatever has the name: it is a part of ours, whatever somebody made of it. */
async function clear({ folder, name }: Name): Promise<void> {
  await remove(folder, name, { recursive: true }).catch(unlessGone)
}

function unlessGone(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error
}
