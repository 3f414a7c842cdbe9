import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { locked } from './lock.ts'
import { isRunning, type ProcessId } from './processes.ts'
import { boundFolders } from './sandbox.ts'

// Not on disk: after a reboot there is nothing to give back.
const folder = '/run/karvdash'
const ipForward = '/proc/sys/net/ipv4/ip_forward'

/** What the first instance found on the host, for the last one to give back. */
interface Before {
  ipForward: string
  missing: string[]
}

/** Notes that an instance uses the host, and prepares what all instances share: forwarding and places to mount over. */
export async function useHost(name: string, init: ProcessId): Promise<void> {
  await locked(join(folder, 'lock'), async () => {
    const file = join(folder, 'before')
    if (!existsSync(file)) {
      const before: Before = {
        ipForward: await readFile(ipForward, 'utf8'),
        missing: boundFolders.filter((path) => !existsSync(path)),
      }
      await writeFile(file, JSON.stringify(before))
    }
    for (const path of boundFolders) await mkdir(path, { recursive: true })
    await writeFile(join(folder, `${name}.json`), JSON.stringify(init))
  })
}

/** Notes that an instance is gone. The last to go puts things back; while another runs, its mounts hang on those folders. */
export async function leaveHost(name: string): Promise<void> {
  if (!existsSync(folder)) return
  const isLast = await locked(join(folder, 'lock'), async () => {
    await rm(join(folder, `${name}.json`), { force: true })
    if ((await runningInstances()).length > 0) return false
    await giveBack(join(folder, 'before'))
    return true
  })
  if (isLast) await rmdir(folder).catch(() => undefined)
}

async function giveBack(file: string): Promise<void> {
  if (!existsSync(file)) return
  const before = JSON.parse(await readFile(file, 'utf8')) as Before
  await writeFile(ipForward, before.ipForward)
  // Only empty folders are removed: what someone else has put there since is theirs.
  for (const path of before.missing) await rmdir(path).catch(() => undefined)
  await rm(file)
}

async function runningInstances(): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const running: string[] = []
  for (const name of names) {
    const init = JSON.parse(await readFile(join(folder, name), 'utf8')) as ProcessId
    if (isRunning(init)) running.push(name)
    else await rm(join(folder, name))
  }
  return running
}
