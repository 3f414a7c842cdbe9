import { mkdirSync } from 'node:fs'
import { rmdir, utimes } from 'node:fs/promises'
import { partPrefix } from '@karvdash/common'
import { at, type Held, holdFolder } from './held.ts'
import { codeOf } from './refusals.ts'
import { removeIfThere } from './settle.ts'

/** The folder, beside the goal, in which what a job makes lies until it gets its names. Its young time tells that somebody goes on with it. */
export interface PartsFolder extends Held {
  touch(): Promise<void>
  /** Removes what the job made, of so many entries; what it put aside to replace it is not the job's. */
  clear(entries: number): Promise<void>
}

/** Opens it, and makes it where it is not there. */
export function openParts(folder: number, id: string): PartsFolder {
  const name = `${partPrefix}job-${id}`
  try {
    mkdirSync(at(folder, name), { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  const { fd, [Symbol.dispose]: dispose } = holdFolder(folder, name)
  return {
    fd,
    [Symbol.dispose]: dispose,
    touch: () => utimes(at(fd, '.'), Date.now() / 1000, Date.now() / 1000),
    async clear(entries) {
      for (let i = 0; i < entries; i++) await removeIfThere({ folder: fd, name: partOf(i) })
      await rmdir(at(folder, name)).catch(() => undefined)
    },
  }
}

/** What an entry is called in it. */
export function partOf(index: number): string {
  return `entry-${index}`
}

/** What is put aside to be replaced by an entry is called so. */
export function asideOf(index: number): string {
  return `replaced-${index}`
}
