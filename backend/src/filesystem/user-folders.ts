import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { holdRoot } from './held.ts'
import { type Count, count } from './usage.ts'

const execute = promisify(execFile)

/** The folders of one user, each a folder of its own below a domain's. */
export interface UserFolders {
  /** Whether any is there. */
  exist(user: string): Promise<boolean>
  /** How much they hold, counted for at most some seconds. */
  usage(user: string): Promise<FolderUsage[]>
  /** Packs each into `<domain>/.archive/<user>-<id>.tar.gz` and takes it away; what was packed before is not packed again. */
  archive(user: string, id: string): Promise<void>
  /** Takes them away with all they hold. */
  erase(user: string): Promise<void>
}

/** What one folder holds. */
export interface FolderUsage extends Count {
  domain: string
}

export interface UserFoldersOptions {
  /** Where the backend has the domains: `<folder>/<domain>/<user>`. */
  folder: string
  domains: readonly string[]
  clock?: () => number
}

const countingMs = 5_000
const archiveFolder = '.archive'

/** Nobody but the platform can change anything here by now: the user's pods are gone, and with them every mount. */
export function createUserFolders({ folder, domains, clock = Date.now }: UserFoldersOptions): UserFolders {
  const places = (user: string) =>
    domains.map((domain) => ({ domain, parent: join(folder, domain), path: join(folder, domain, user) }))
  return {
    async exist(user) {
      return (await Promise.all(places(user).map(({ path }) => isThere(path)))).includes(true)
    },
    async usage(user) {
      const until = clock() + countingMs
      const there = await Promise.all(places(user).map(async (place) => ((await isThere(place.path)) ? [place] : [])))
      return Promise.all(
        there.flat().map(async ({ domain, path }) => {
          using folder = holdRoot(path)
          return { domain, ...(await count({ folder: folder.fd, name: '.' }, () => clock() < until)) }
        }),
      )
    },
    async archive(user, id) {
      for (const { parent, path } of places(user)) {
        if (await isThere(path)) await pack(parent, user, id)
        await takeAway(parent, user)
      }
    },
    async erase(user) {
      for (const { parent } of places(user)) await takeAway(parent, user)
    },
  }
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      return false
    },
  )
}

/** tar keeps links as links, and goes nowhere that they lead. */
async function pack(parent: string, user: string, id: string): Promise<void> {
  await mkdir(join(parent, archiveFolder), { mode: 0o700, recursive: true })
  const target = join(parent, archiveFolder, `${user}-${id}.tar.gz`)
  if (await isThere(target)) return
  const part = `${target}.${randomBytes(6).toString('hex')}.part`
  try {
    await execute('tar', ['--create', '--gzip', '--numeric-owner', '--sparse', '--file', part, '--directory', parent, '--', user])
    await onDisk(part)
    await rename(part, target)
    await onDisk(join(parent, archiveFolder))
  } finally {
    await rm(part, { force: true })
  }
}

async function onDisk(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

/** Its name is free at once; what an interruption leaves of it is taken the next time. */
async function takeAway(parent: string, user: string): Promise<void> {
  const doomed = join(parent, `.erased-${user}`)
  if (await isThere(join(parent, user))) {
    await rm(doomed, { recursive: true, force: true })
    await rename(join(parent, user), doomed)
  }
  await rm(doomed, { recursive: true, force: true })
}
