import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'

/** The user's cache folder for built binaries and images: outside any checkout, shared by all clones. */
export const cacheFolder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'karvdash')

/** Something to build once for a set of inputs. */
export interface Recipe {
  /** Readable name; the cache entry is `<name>-<hash of inputs>`. */
  name: string
  /** Strings, and paths of files or folders (as `{path}`), that decide what is built. */
  inputs: (string | { path: string })[]
  /** Builds into an empty folder, which becomes the cache entry when this resolves. */
  build: (into: string) => Promise<void>
}

/** Builds a recipe unless the cache has it; gives the folder of the result. An interrupted build leaves no entry. */
export async function cached(recipe: Recipe): Promise<string> {
  const target = await cachePath(recipe)
  if (existsSync(target)) return target
  await mkdir(cacheFolder, { recursive: true })
  const building = await mkdtemp(join(cacheFolder, `.building-${recipe.name}-`))
  try {
    await recipe.build(building)
    await rename(building, target)
  } catch (error) {
    await rm(building, { recursive: true, force: true })
    if (existsSync(target)) return target
    throw error
  }
  return target
}

/** Where the cache keeps, or would keep, the result of a recipe. */
export async function cachePath({ name, inputs }: Recipe): Promise<string> {
  const hash = createHash('sha256')
  for (const input of inputs) hash.update(typeof input === 'string' ? `s${input}\0` : await digestOf(input.path))
  return join(cacheFolder, `${name}-${hash.digest('hex').slice(0, 16)}`)
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  if (!(await stat(path)).isDirectory())
    return hash
      .update(`${basename(path)}\0`)
      .update(await readFile(path))
      .digest('hex')
  for (const name of (await readdir(path)).sort()) hash.update(`${name}\0`).update(await digestOf(join(path, name)))
  return hash.digest('hex')
}
