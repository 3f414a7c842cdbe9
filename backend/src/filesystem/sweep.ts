import { type BigIntStats, fstatSync, lstatSync, unlinkSync } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { partPrefix } from '@karvdash/common'
import { at, type Held, holdFolder, itself } from './held.ts'
import { nameOfRaw } from './raw-name.ts'
import { codeOf } from './refusals.ts'
import { remove } from './remove.ts'

/** How long what is being written is kept after its last byte. */
export const partLifeMs = 7 * 24 * 3600_000

/** Whether nobody goes on with it: a clock that went back makes nothing older, and what is of the future is young. */
export function isAbandoned({ mtimeMs }: Pick<BigIntStats, 'mtimeMs'>, now: number): boolean {
  return now - Number(mtimeMs) > partLifeMs
}

/** Removes the abandoned among the parts that a folder has; folders among them, which take longer, are left to the daily walk. */
export function sweepParts(folder: number, parts: readonly string[], now: number): void {
  for (const part of parts.slice(0, mostAtOnce)) {
    const stats = lstatSync(at(folder, part), { bigint: true, throwIfNoEntry: false })
    if (stats && !stats.isDirectory() && isAbandoned(stats, now)) unlinkIfThere(folder, part)
  }
}

const mostAtOnce = 1000

function unlinkIfThere(folder: number, part: string): void {
  try {
    unlinkSync(at(folder, part))
  } catch (error) {
    // Another replica was faster, or the file system takes no change now.
    unlessFatal(error)
  }
}

/** Looks after the parts of a folder now and then. */
export type Sweep = (folder: Held) => Promise<void>

const againAfterMs = 3600_000
const mostRemembered = 10_000

/** Makes a sweep for folders that are written to: an hour has to pass before one is read again. */
export function createSweep({ clock = Date.now }: { clock?: () => number } = {}): Sweep {
  const sweptAt = new Map<string, number>()
  return async (folder) => {
    const { dev, ino } = fstatSync(folder.fd)
    const [key, now] = [`${dev}:${ino}`, clock()]
    const before = sweptAt.get(key)
    if (before !== undefined && now >= before && now - before < againAfterMs) return
    sweptAt.delete(key)
    sweptAt.set(key, now)
    for (const oldest of sweptAt.keys()) if (sweptAt.size > mostRemembered) sweptAt.delete(oldest)
    await sweptFolder(folder, now)
  }
}

/** Sweeps a folder that something was written to, when that is done. */
export async function afterwards<T>(folder: number, sweep: Sweep, writing: Promise<T>): Promise<T> {
  const written = await writing
  using it = holdFolder(folder, '.')
  await sweep(it)
  return written
}

/** How a whole tree is swept. */
export interface TreeSweep {
  clock: () => number
  /** Asked before each folder. */
  mayGoOn: () => boolean
  /** Waits a little after each folder, so that whoever works there does not notice. */
  pause: () => Promise<unknown>
}

/** What is deeper than this is swept when somebody looks at it or writes there: each level holds a descriptor. */
const deepest = 256

/** Sweeps a folder and all below it. Whoever swaps folders and links meanwhile leads it nowhere: each is held, and no link is followed. */
export async function sweepTree(folder: Held, sweep: TreeSweep, depth = 0): Promise<void> {
  if (depth > deepest) return
  const now = sweep.clock()
  const folders = await sweptFolder(folder, now)
  await sweep.pause()
  for (const name of folders) {
    if (!sweep.mayGoOn()) return
    using inner = held(folder.fd, name)
    if (!inner) continue
    if (!name.startsWith(partPrefix)) await sweepTree(inner, sweep, depth + 1)
    else if (isAbandoned(fstatSync(inner.fd, { bigint: true }), now))
      await remove(folder.fd, name, { recursive: true }).catch(unlessFatal)
  }
}

/** Sweeps one folder; gives the names of those in it. */
async function sweptFolder(folder: Held, now: number): Promise<string[]> {
  try {
    const { parts, folders } = await lookThrough(folder)
    sweepParts(folder.fd, parts, now)
    return folders
  } catch (error) {
    unlessFatal(error)
    return []
  }
}

/** What the file system refuses in one folder keeps nobody from the others. */
function unlessFatal(error: unknown): void {
  if (codeOf(error) === undefined) throw error
}

/** Names of the parts and of the folders in a folder. */
async function lookThrough(folder: Held): Promise<{ parts: string[]; folders: string[] }> {
  const found: { parts: string[]; folders: string[] } = { parts: [], folders: [] }
  // As Latin-1 no byte of a name is lost, and a part's name is in ASCII.
  for await (const entry of await opendir(itself(folder), { encoding: 'latin1', bufferSize: 512 })) {
    if (entry.isDirectory()) found.folders.push(nameOfRaw(entry.name))
    else if (entry.name.startsWith(partPrefix)) found.parts.push(entry.name)
  }
  return found
}

function held(folder: number, name: string): Held | undefined {
  try {
    return holdFolder(folder, name)
  } catch {
    // Gone, swapped for something else, or another replica's to remove.
    return undefined
  }
}
