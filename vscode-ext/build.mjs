// Builds dist/karvdash-<version>.vsix: one source, a bundle for the node host and one for the web worker host.
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { createVSIX } from '@vscode/vsce'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const manifest = createRequire(import.meta.url)('./package.json')
const folder = here('dist/package')
const packagePath = here(`dist/karvdash-${manifest.version}.vsix`)

await rm(folder, { recursive: true, force: true })
await mkdir(`${folder}/dist`, { recursive: true })
await Promise.all([bundles(), papers()])
await rm(packagePath, { force: true })
await createVSIX({ cwd: folder, packagePath, dependencies: false, allowMissingRepository: true, skipLicense: false })

async function bundles() {
  const shared = {
    bundle: true,
    conditions: ['source'],
    external: ['vscode'],
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'warning',
    minify: true,
    sourcemap: false,
  }
  // VS Code 1.91 has Node 20 in it.
  const node = {
    entryPoints: [here('src/hosts/node/node.ts')],
    outfile: `${folder}/dist/node.cjs`,
    platform: 'node',
    target: 'node20',
  }
  const web = { entryPoints: [here('src/hosts/web.ts')], outfile: `${folder}/dist/web.js`, platform: 'browser', target: 'es2022' }
  await Promise.all([node, web].map((one) => build({ ...shared, ...one })))
}

async function papers() {
  // What only the workspace needs would keep VS Code from loading the bundles: "type" makes it take them for ECMAScript modules.
  const { type, private: isPrivate, scripts, devDependencies, ...published } = manifest
  const files = ['dist', 'media', 'README.md', 'CHANGELOG.md', 'LICENSE.txt']
  await writeFile(`${folder}/package.json`, `${JSON.stringify({ ...published, files }, null, 2)}\n`)
  await cp(here('media'), `${folder}/media`, { recursive: true })
  for (const name of ['README.md', 'CHANGELOG.md']) await copyFile(here(name), `${folder}/${name}`)
  await writeFile(`${folder}/LICENSE.txt`, await readFile(here('../LICENSE')))
}
