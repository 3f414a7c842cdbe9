import { execFile } from 'node:child_process'
import { chmod, chown, lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Problem } from '@karvdash/common'

const execute = promisify(execFile)

/** A folder that a group of people, under whatever uid their programs run, may read and write. */
export interface SharedFolder {
  /** An absolute folder that only the platform can write to. */
  parent: string
  name: string
  gid: number
}

/**
 * Makes the folder as it should be: owned by root and the group, setgid so that what is made in it has the group,
 * and a default ACL so that no umask keeps the group out. Where the file system has no ACLs, setgid alone is left.
 * @throws Problem 503 where something else has the name.
 */
export async function ensureFolder({ parent, name, gid }: SharedFolder): Promise<void> {
  const path = join(parent, name)
  await mkdir(path, { mode: 0o2770 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await lstat(path)
  if (!found.isDirectory()) throw new Problem(503, 'Not available', { detail: `"${name}" is in the way of a user's folder.` })
  if (found.gid === gid && (found.mode & 0o7777) === 0o2770) return
  await chown(path, 0, gid)
  await chmod(path, 0o2770)
  await execute('setfacl', ['-d', '-m', `u::rwx,g::rwx,g:${gid}:rwx,m::rwx,o::---`, path]).catch((error: Error) => {
    if (!error.message.includes('not supported')) throw error
  })
}
