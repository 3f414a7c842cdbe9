import { statfs } from 'node:fs/promises'
import type { FilePath, StorageUsage } from '@karvdash/common'
import type { Name } from './free-name.ts'
import { at } from './held.ts'
import { Ladder } from './ladder.ts'
import type { Root } from './root.ts'
import { look, walk } from './walk.ts'

/** What lies below a folder. */
export interface Count {
  entries: number
  /** As many as its files are long; one with several names counts with each. */
  bytes: number
  /** Whether all of it was counted. */
  isComplete: boolean
}

/** Counts what lies at a name, itself too where it is no folder, for as long as it may go on. Whoever owns it may swap links for folders meanwhile. */
export async function count(name: Name, mayGoOn: () => boolean): Promise<Count> {
  const total: Count = { entries: 0, bytes: 0, isComplete: true }
  const stats = await look(name.folder, name.name)
  if (!stats?.isDirectory()) return { ...total, entries: stats ? 1 : 0, bytes: stats?.isFile() ? Number(stats.size) : 0 }
  using ladder = new Ladder(name)
  for await (const visit of walk(ladder)) {
    if (!mayGoOn()) return { ...total, isComplete: false }
    if (visit.kind !== 'leaf' && visit.kind !== 'enter') continue
    total.entries++
    if (visit.stats.isFile()) total.bytes += Number(visit.stats.size)
  }
  return total
}

const countingMs = 5_000

/** What a folder holds, counted for at most some seconds, and how much room its file system has. @throws Problem 404, 409 `not-a-folder`. */
export async function usageOf(root: Root, path: FilePath): Promise<StorageUsage> {
  using folder = await root.hold(path)
  const until = performance.now() + countingMs
  const counted = await count({ folder: folder.fd, name: '.' }, () => performance.now() < until)
  return { ...counted, ...(await roomOf(folder.fd)) }
}

/** Bytes that the file system of a folder has left for us, and has in all. */
async function roomOf(folder: number): Promise<{ free: number; total: number }> {
  const { bavail, blocks, bsize } = await statfs(at(folder, '.'))
  return { free: bavail * bsize, total: blocks * bsize }
}
