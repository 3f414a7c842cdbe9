// Builds the wheel: the front end as one module, the labextension that JupyterLab loads, and both packed with the Python server part.
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { writeWheel } from './wheel.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const packageFolder = (name) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))

await rm(`${here}/dist/labextension`, { recursive: true, force: true })
await bundle()
await buildLabextension()
console.log(await writeWheel(here))

/** JupyterLab shares its own packages with extensions; everything else comes along. */
function bundle() {
  return build({
    entryPoints: [`${here}/src/index.ts`],
    outfile: `${here}/dist/lib/index.js`,
    bundle: true,
    conditions: ['source'],
    external: ['@jupyterlab/*', '@lumino/*'],
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
    legalComments: 'none',
  })
}

/** The builder must run in the extension's own folder, and would download what JupyterLab is made of were it not told. */
async function buildLabextension() {
  const builder = `${packageFolder('@jupyter/builder')}/lib/build-labextension.js`
  const core = `${packageFolder('@jupyterlab/core-meta')}/core.package.json`
  const env = { ...process.env, NODE_ENV: 'production' }
  const built = promisify(execFile)(process.execPath, [builder, '--core-package-file', core, '.'], { cwd: here, env })
  await built.catch((error) => {
    throw new Error(`The labextension was not built:\n${error.stdout}\n${error.stderr}`)
  })
}
