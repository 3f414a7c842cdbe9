import { cp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached } from '../cache.ts'
import { run } from '../command.ts'
import { step } from '../progress.ts'
import { bin, root, runHere } from './process.ts'

const quiet = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true' }

/** Checks the types and builds every package, in the order of their needs. */
export async function build(): Promise<number> {
  const code =
    (await runHere(bin('tsc'), ['-b'])) || (await runHere(bin('lerna'), ['run', 'build', '--stream', '--loglevel=warn'], quiet))
  return code || bundle()
}

/** Builds just what the backend's image carries, in seconds: program, page, and the editors' packages that the page offers. */
export async function bundle(): Promise<number> {
  return runHere(process.execPath, [join(root, 'backend/build.mjs'), `--downloads=${await editorPackages()}`])
}

/** Formatting, the lint rules with the boundaries between folders among them, and the types. */
export async function lint(): Promise<number> {
  return (await runHere(bin('biome'), ['check', '--error-on-warnings', '.'])) || runHere(bin('tsc'), ['-b'])
}

const editors = [
  {
    folder: 'vscode-ext',
    key: 'vsix',
    ending: '.vsix',
    parts: ['src', 'media', 'package.json', 'build.mjs', 'README.md', 'CHANGELOG.md'],
  },
  {
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
  const index: Record<string, string> = {}
  for (const { folder, key, ending } of editors) {
    await run(process.execPath, ['build.mjs'], { cwd: join(root, folder) })
    const file = (await readdir(join(root, folder, 'dist'))).find((name) => name.endsWith(ending))
    if (file === undefined) throw new Error(`${folder} left no ${ending} in its dist folder`)
    await cp(join(root, folder, 'dist', file), join(into, file))
    index[key] = file
  }
  await writeFile(join(into, 'index.json'), `${JSON.stringify(index)}\n`)
}
