import { randomBytes } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { readdir, rename, rmdir, unlink } from 'node:fs/promises'
import { partPrefix } from '@karvdash/common'
import { at, type Held, holdFolder, itself } from './held.ts'
import { nameOfRaw } from './raw-name.ts'
import { codeOf } from './refusals.ts'

/** A deeper tree is brought up here piece by piece, so that few folders are held at a time however deep it is. */
const deepest = 64
/** As many as the threads that do it can be given at a time. */
const together = 32
/** Somebody who makes files faster than we delete them does not keep us for ever. */
const mostRounds = 10_000

/**
 * Deletes an entry, and all below it where it is a folder and `recursive` says so. Each name is deleted from the folder that was
 * held when it was found: links are deleted and never followed, even where one takes the place of a folder meanwhile.
 */
export async function remove(folder: number, name: string, { recursive }: { recursive: boolean }): Promise<void> {
  if (!lstatSync(at(folder, name)).isDirectory()) return unlink(at(folder, name))
  for (let round = 0; ; round++) {
    try {
      return await rmdir(at(folder, name))
    } catch (error) {
      if (codeOf(error) !== 'ENOTEMPTY' || !recursive || round === mostRounds) throw error
    }
    using top = holdFolder(folder, name)
    await empty(top, { top, depth: 0 })
  }
}

interface Emptying {
  top: Held
  depth: number
}

async function empty(folder: Held, emptying: Emptying): Promise<void> {
  const names = await namesOf(folder)
  for (let i = 0; i < names.length; i += together) {
    const batch = names.slice(i, i + together)
    const isGone = await Promise.all(batch.map((name) => isUnlinked(folder, name)))
    for (const name of batch.filter((_, at) => !isGone[at])) await removeFolder(folder, name, emptying).catch(unlessGone)
  }
}

/** Unlinks what has the name; false where that is a folder: unlink(2) takes none, so nobody has to look first. */
async function isUnlinked(folder: Held, name: string): Promise<boolean> {
  try {
    await unlink(at(folder.fd, name))
    return true
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EISDIR') throw error
    return codeOf(error) === 'ENOENT'
  }
}

async function removeFolder(folder: Held, name: string, { top, depth }: Emptying): Promise<void> {
  const path = at(folder.fd, name)
  if (depth === deepest) return rename(path, at(top.fd, partPrefix + randomBytes(12).toString('hex')))
  {
    using inner = holdFolder(folder.fd, name)
    await empty(inner, { top, depth: depth + 1 })
  }
  // Not empty: somebody filled it, or something of it was brought up; the next round comes by again.
  await rmdir(path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOTEMPTY') throw error
  })
}

async function namesOf(folder: Held): Promise<string[]> {
  return (await readdir(itself(folder), { encoding: 'latin1' })).map(nameOfRaw)
}

/** What is gone, or became something else, under our hands is for the next round. */
function unlessGone(error: unknown): void {
  if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error
}
