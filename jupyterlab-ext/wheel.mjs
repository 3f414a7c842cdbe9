// A wheel is a zip with a list of what is in it (https://packaging.python.org/en/latest/specifications/binary-distribution-format/).
// Written here, it needs no Python to build, and the same sources give the same bytes.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { zipSync } from 'fflate'

const distribution = 'karvdash_jupyterlab'

/** Packs the Python package, the labextension and the server's configuration. Gives the wheel's path. */
export async function writeWheel(folder) {
  const { version, description, name } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const requirements = (await readFile(join(folder, 'requirements.txt'), 'utf8')).trim().split('\n')
  const data = `${distribution}-${version}.data/data`
  const info = `${distribution}-${version}.dist-info`
  const files = {
    ...(await filesOf(join(folder, distribution), distribution, (path) => path.endsWith('.py') && !path.startsWith('tests/'))),
    ...(await filesOf(join(folder, 'dist/labextension'), `${data}/share/jupyter/labextensions/${name}`)),
    [`${data}/share/jupyter/labextensions/${name}/install.json`]: text(await readFile(join(folder, 'install.json'), 'utf8')),
    ...(await filesOf(join(folder, 'jupyter-config'), `${data}/etc/jupyter/jupyter_server_config.d`)),
    [`${info}/METADATA`]: text(metadata({ version, description, requirements })),
    [`${info}/WHEEL`]: text('Wheel-Version: 1.0\nGenerator: karvdash\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
  }
  const record = `${info}/RECORD`
  files[record] = text(`${Object.entries(files).map(recorded).join('')}${record},,\n`)
  const dist = join(folder, 'dist')
  await mkdir(dist, { recursive: true })
  for (const old of await readdir(dist)) if (old.endsWith('.whl')) await rm(join(dist, old))
  const wheel = join(dist, `${distribution}-${version}-py3-none-any.whl`)
  // The first moment that a zip can tell; os 3 (Unix) and the mode, or pip would make the files unreadable for others.
  await writeFile(wheel, zipSync(files, { level: 9, mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 }))
  return wheel
}

async function filesOf(folder, prefix, isWanted = () => true) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  const wanted = paths.filter(isWanted).sort()
  return Object.fromEntries(
    await Promise.all(wanted.map(async (path) => [`${prefix}/${path}`, new Uint8Array(await readFile(join(folder, path)))])),
  )
}

function metadata({ version, description, requirements }) {
  return [
    'Metadata-Version: 2.1',
    'Name: karvdash-jupyterlab',
    `Version: ${version}`,
    `Summary: ${description}`,
    'License: Apache-2.0',
    'Requires-Python: >=3.10',
    'Classifier: Framework :: Jupyter :: JupyterLab :: Extensions :: Prebuilt',
    ...requirements.map((requirement) => `Requires-Dist: ${requirement}`),
    '',
  ].join('\n')
}

function recorded([path, bytes]) {
  return `${path},sha256=${createHash('sha256').update(bytes).digest('base64url')},${bytes.length}\n`
}

function text(content) {
  return new TextEncoder().encode(content)
}
