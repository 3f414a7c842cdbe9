import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The texts of a folder's files whose names end so, in order of their names. */
export async function readTexts(folder: string, ending: string): Promise<{ file: string; text: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending)).sort()
  return Promise.all(names.map(async (name) => ({ file: join(folder, name), text: await readFile(join(folder, name), 'utf8') })))
}
