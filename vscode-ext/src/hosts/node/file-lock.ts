import { mkdir, open, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Alone } from '../../oauth/grant.ts'

/** Longer than any request is waited for: whoever holds a lock for so long has ended. */
const staleMs = 60_000
const restMs = 50

/** Lets one after the other do something, in all processes that name the same file. */
export function fileLock(file: string): Alone {
  return async (work) => {
    await mkdir(dirname(file), { recursive: true })
    while (!(await take(file))) await new Promise((resolve) => setTimeout(resolve, restMs))
    try {
      return await work()
    } finally {
      await unlink(file).catch(() => undefined)
    }
  }
}

async function take(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close()
    return true
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure
    const held = await stat(file).catch(() => undefined)
    if (held && Date.now() - held.mtimeMs > staleMs) await unlink(file).catch(() => undefined)
    return false
  }
}
