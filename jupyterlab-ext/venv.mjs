// Virtual environments, made once for each list of requirements and kept in the cache folder.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Gives the folder of an environment with these requirements in it. One that was interrupted is made again. */
export async function environment(requirements) {
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16)
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'karvdash')
  const folder = join(cache, `python-${hash}`)
  if (existsSync(folder)) return folder
  const part = `${folder}.${process.pid}`
  await mkdir(cache, { recursive: true })
  try {
    await run('python3', ['-m', 'venv', part])
    await run(`${part}/bin/python`, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements])
    // The programs in bin/ name the folder they were made in; `bin/python -m …` does not.
    await rename(part, folder).catch((error) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(part, { recursive: true, force: true })
  }
  return folder
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await environment(process.argv[2]))
