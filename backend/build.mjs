// Builds what the image carries: the page (dist/page) and the backend as one program (dist/bundle). `--sizes` tells what is in them.
import { copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { analyzeMetafile, build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const shared = { bundle: true, conditions: ['source'], format: 'esm', logLevel: 'warning', metafile: true }

const results = await Promise.all([buildPage(), buildBackend()])
if (process.argv.includes('--sizes')) for (const { metafile } of results) console.log(await analyzeMetafile(metafile))

async function buildPage() {
  const outdir = await emptied('dist/page')
  for (const file of ['index.html', 'icon.svg']) await copyFile(here(`src/page/${file}`), `${outdir}/${file}`)
  await bringDownloads(`${outdir}/downloads`)
  const entryPoints = { 'main.ts': 'page', 'page.css': 'page', 'terminal.css': 'terminal' }
  return build({
    ...shared,
    entryPoints: Object.entries(entryPoints).map(([path, out]) => ({ in: here(`src/page/${path}`), out })),
    outdir,
    platform: 'browser',
    target: 'es2024',
    // A terminal is as large as all the rest: it is loaded where one is opened.
    splitting: true,
    minify: true,
    legalComments: 'external',
  })
}

/** What the page offers to download: the editors' packages, from the folder that `--downloads=` names. */
async function bringDownloads(into) {
  const from = process.argv.find((arg) => arg.startsWith('--downloads='))?.slice('--downloads='.length)
  if (from) await cp(from, into, { recursive: true })
}

async function buildBackend() {
  const outdir = await emptied('dist/bundle')
  // Without it Node would first read the program as CommonJS.
  await writeFile(`${outdir}/package.json`, '{ "type": "module" }\n')
  return build({
    ...shared,
    entryPoints: [here('src/main.ts')],
    outdir,
    platform: 'node',
    target: 'node24',
    // What is imported only when it is needed is loaded only then.
    splitting: true,
    // Half the text to read at each start. Names stay, so that a stack in the log says what it is about.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    legalComments: 'external',
    // CommonJS dependencies ask for Node's own modules by `require`.
    banner: { js: "import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url)" },
    plugins: [withoutModels(), withOneMimeDatabase()],
  })
}

/**
 * We read kubeconfigs with client-node and nothing else. Its package does not say that its modules do nothing by being imported, so esbuild would
 * keep a thousand models of the API: half a megabyte to parse at each start.
 */
function withoutModels() {
  return {
    name: 'without-models',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, importer, resolveDir }) =>
        importer.includes('/@kubernetes/client-node/dist/') ? { path: resolve(resolveDir, path), sideEffects: false } : undefined,
      )
    },
  }
}

/** Three packages bring a database of media types each, 0.2 MB of JSON to parse and to index at each start: the latest does for all. */
function withOneMimeDatabase() {
  const koa = createRequire(createRequire(import.meta.url).resolve('koa'))
  const latest = { 'mime-db': koa.resolve('mime-db'), 'mime-types': koa.resolve('mime-types') }
  return {
    name: 'with-one-mime-database',
    setup({ onResolve }) {
      onResolve({ filter: /^mime-(db|types)$/ }, ({ path }) => ({ path: latest[path] }))
    },
  }
}

async function emptied(folder) {
  await rm(here(folder), { recursive: true, force: true })
  await mkdir(here(folder), { recursive: true })
  return here(folder)
}
