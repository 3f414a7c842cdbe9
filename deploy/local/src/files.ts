import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file unless it says that already: some parts watch theirs, and kube-proxy ends itself when it is merely touched. */
export async function writeIfChanged(file: string, content: string, mode = 0o644): Promise<string> {
  const old = await readFile(file, 'utf8').catch(() => undefined)
  if (old === content) return file
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content, { mode })
  return file
}
