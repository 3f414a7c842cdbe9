import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Reads all files below a folder of ours. */
export async function readTree(folder: string): Promise<{ path: string; content: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(files.map(async (file) => ({ path: relative(folder, file), content: await readFile(file) })))
}
