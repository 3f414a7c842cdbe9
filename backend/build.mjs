import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const shared = { bundle: true, conditions: ['source'], format: 'esm', logLevel: 'warning', metafile: true, legalComments: 'none' }



const clientNodeHasNoSideEffects = {
  name: 'client-node-has-no-side-effects',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, importer, resolveDir }) =>
      importer.includes('/@kubernetes/client-node/dist/') ? { path: resolve(resolveDir, path), sideEffects: false } : undefined,
    )
  },
}
async function buildBackend() {
  const outdir = here('dist/bundle')
  await rm(outdir, { recursive: true, force: true })
  const result = await build({
    ...shared,
    entryPoints: [here('src/main.ts')],
    outdir,
    platform: 'node',
    target: 'node24',
    keepNames: false,
    banner: { js: "import { createRequire as karvdashRequire } from 'node:module'\nconst require = karvdashRequire(import.meta.url)" },
    plugins: [clientNodeHasNoSideEffects],
  })
  return result
}
async function buildPage() {}
const r=await buildBackend(); import fs from 'node:fs'; fs.writeFileSync('/tmp/meta.json', JSON.stringify(r.metafile))
