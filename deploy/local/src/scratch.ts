import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { identify, isRunning, type ProcessId } from './processes.ts'

/** Notes in a temporary folder that this process works in it. */
export async function markOwner(folder: string): Promise<void> {
  await writeFile(join(folder, 'owner.json'), JSON.stringify(identify(process.pid)))
}

/** Removes temporary folders whose owner was killed before it could. */
export async function sweepAbandoned(parent: string, prefix: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(prefix))
  for (const name of names) {
    const owner = await ownerOf(join(parent, name))
    if (owner && !isRunning(owner)) await rm(join(parent, name), { recursive: true, force: true })
  }
}

async function ownerOf(folder: string): Promise<ProcessId | undefined> {
  return readFile(join(folder, 'owner.json'), 'utf8').then(
    (text) => JSON.parse(text) as ProcessId,
    () => undefined,
  )
}
