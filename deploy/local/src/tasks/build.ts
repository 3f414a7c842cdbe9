import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached } from '../cache.ts'
import { step } from '../progress.ts'
import { bin, root, runHere } from './process.ts'

const quiet = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true' }

/** Checks the types and builds every package. */
export async function build(): Promise<number> {
  return (await runHere(bin('tsc'), ['-b'])) || bundle()
}

/** Builds what the backend's image carries: program, page, and the editors' packages, which the page offers. */
export async function bundle(): Promise<number> {
  const packages = await editorPackages()
  for (const { folder, ending } of editors) await copyEnding(ending, packages, join(root, folder, 'dist'))
  return runHere(process.execPath, [join(root, 'backend/build.mjs'), `--downloads=${packages}`])
}

/** Formatting, the lint rules with the boundaries between folders among them, and the types. */
export async function lint(): Promise<number> {
  return (await runHere(bin('biome'), ['check', '--error-on-warnings', '.'])) || runHere(bin('tsc'), ['-b'])
}

const editors = [
  {
    name: 'karvdash',
    folder: 'vscode-ext',
    key: 'vsix',
    ending: '.vsix',
    parts: ['src', 'media', 'package.json', 'build.mjs', 'README.md', 'CHANGELOG.md'],
  },
  {
    name: '@karvdash/jupyterlab',
    folder: 'jupyterlab-ext',
    key: 'wheel',
    ending: '.whl',
    parts: ['src', 'style', 'karvdash_jupyterlab', 'jupyter-config', 'package.json', 'install.json', 'build.mjs', 'wheel.mjs'],
  },
] as const

/** A folder with the VSIX, the wheel, and an index of both; built again only when what they are made of changed. */
function editorPackages(): Promise<string> {
  const parts = editors.flatMap(({ folder, parts }) => parts.map((part) => join(folder, part)))
  const inputs = ['common/src', 'package-lock.json', ...parts].map((path) => ({ path: join(root, path) }))
  return cached({ name: 'editor-packages', inputs, build: (into) => step("The editors' packages", () => packEditors(into)) })
}

async function packEditors(into: string): Promise<void> {
  const scopes = editors.flatMap(({ name }) => ['--scope', name])
  if ((await runHere(bin('lerna'), ['run', 'build', '--stream', '--loglevel=warn', ...scopes], { environment: quiet })) !== 0)
    throw new Error("The editors' packages were not built: what is wrong is said above.")
  const index: Record<string, string> = {}
  for (const { folder, key, ending } of editors) index[key] = await copyEnding(ending, join(root, folder, 'dist'), into)
  await writeFile(join(into, 'index.json'), `${JSON.stringify(index)}\n`)
}

/** Copies the one file with an ending from a folder into another; gives its name. */
async function copyEnding(ending: string, from: string, into: string): Promise<string> {
  const file = (await readdir(from)).find((name) => name.endsWith(ending))
  if (file === undefined) throw new Error(`There is no ${ending} in ${from}`)
  await mkdir(into, { recursive: true })
  await cp(join(from, file), join(into, file))
  return file
}
