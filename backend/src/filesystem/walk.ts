import { type BigIntStats, fstatSync } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { partPrefix } from '@karvdash/common'
import { at } from './held.ts'
import type { Ladder } from './ladder.ts'
import { nameOfRaw } from './raw-name.ts'
import { codeOf } from './refusals.ts'

/** What a walk comes by. While it tells of something, the ladder stands where it lies; of a folder, in it until it `left`. */
export type Visit =
  | { kind: 'leaf'; name: string; stats: BigIntStats }
  | { kind: 'names'; names: readonly string[] }
  | { kind: 'enter'; name: string; stats: BigIntStats }
  | { kind: 'leave'; name: string; stats: BigIntStats }
  | { kind: 'left'; name: string }

/** As many as the threads that look can be given at a time. */
const together = 32

/**
 * Walks through all below the folder where a ladder stands: in each folder first its names, then what is no folder, then its folders. Links are
 * never followed, and files that are being written are left out; what vanishes meanwhile is, too.
 */
export async function* walk(ladder: Ladder): AsyncGenerator<Visit, void> {
  const levels: Level[] = [{ name: '', stats: statsOf(ladder), folders: yield* contents(ladder) }]
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const name = level.folders.pop()
    if (name === undefined) {
      levels.pop()
      if (levels.length === 0) return
      yield { kind: 'leave', name: level.name, stats: level.stats }
      ladder.up()
      yield { kind: 'left', name: level.name }
    } else if (isEntered(ladder, name)) {
      const stats = statsOf(ladder)
      yield { kind: 'enter', name, stats }
      levels.push({ name, stats, folders: yield* contents(ladder) })
    }
  }
}

interface Level {
  name: string
  stats: BigIntStats
  /** Those still to be gone into. */
  folders: string[]
}

/** Tells what is here; gives the names of the folders. */
async function* contents(ladder: Ladder): AsyncGenerator<Visit, string[]> {
  const raw = await readdir(at(ladder.here, '.'), { encoding: 'latin1' })
  const names = raw.map(nameOfRaw).filter((name) => !name.startsWith(partPrefix))
  yield { kind: 'names', names }
  const folders: string[] = []
  for (let i = 0; i < names.length; i += together) {
    const batch = names.slice(i, i + together)
    const found = await Promise.all(batch.map((name) => look(ladder.here, name)))
    for (const [n, name] of batch.entries()) {
      const stats = found[n]
      if (stats?.isDirectory()) folders.push(name)
      else if (stats) yield { kind: 'leaf', name, stats }
    }
  }
  return folders.reverse()
}

/** What has a name, undefined where nothing has any more. */
export function look(folder: number, name: string): Promise<BigIntStats | undefined> {
  return lstat(at(folder, name), { bigint: true }).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
    return undefined
  })
}

/** Goes in; not where a folder became something else. */
function isEntered(ladder: Ladder, name: string): boolean {
  try {
    ladder.down(name)
    return true
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw error
    return false
  }
}

function statsOf(ladder: Ladder): BigIntStats {
  return fstatSync(ladder.here, { bigint: true })
}
