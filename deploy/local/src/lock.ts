import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { identify, isRunning, type ProcessId } from './processes.ts'
import { until } from './wait.ts'

/** Runs work that no two processes may do at once. A lock left by a process that was killed is taken over. */
export async function locked<T>(file: string, work: () => Promise<T>, timeoutMs = 30_000): Promise<T> {
  await until(() => take(file), { what: `the lock ${file}, held by another command`, timeoutMs })
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

async function take(file: string): Promise<boolean> {
  // Each time anew: whoever held the lock last may have removed the folder.
  await mkdir(dirname(file), { recursive: true })
  try {
    await writeFile(file, JSON.stringify(identify(process.pid)), { flag: 'wx' })
    return true
  } catch {
    if (!isRunning(await holderOf(file))) await rm(file, { force: true })
    return false
  }
}

async function holderOf(file: string): Promise<ProcessId | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  // Empty for the blink between making the file and writing it: then it is held, by someone not yet known.
  return text === '' ? identify(process.pid) : (JSON.parse(text) as ProcessId)
}
