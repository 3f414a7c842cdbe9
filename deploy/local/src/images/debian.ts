import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'

import type { LayerRecipe, TarProgram } from './layers.ts'

const suite = 'bookworm'
const packages = ['ca-certificates']

// As in the upstream slim image: translations and manuals are left out, copyright notices stay.
const excluded = [
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
].concat(['path-exclude=/usr/share/locale/*', 'path-exclude=/usr/share/info/*'])

/** The root of a minimal Debian, from Debian packages. */
export const debianLayer: LayerRecipe = { name: 'debian', inputs: [suite, ...packages, ...excluded], tar: bootstrap }

async function bootstrap(): Promise<TarProgram> {
  const options = excluded.map((option) => `--dpkgopt=${option}`)
  const forget = '--customize-hook=rm -f "$1/etc/resolv.conf" "$1/etc/hostname"'
  const args = ['--quiet', '--variant=minbase', `--include=${packages}`, '--format=tar', ...options, forget, suite, '-']
  return { program: 'mmdebstrap', args: [...args, ...(await ownSources())] }
}

// On the same Debian, packages come from where this machine gets its own; elsewhere from mmdebstrap's default.
async function ownSources(): Promise<string[]> {
  if (!/^VERSION_CODENAME=bookworm$/m.test(await readFile('/etc/os-release', 'utf8'))) return []
  const folder = '/etc/apt/sources.list.d'
  const files = existsSync(folder) ? await readdir(folder) : []
  return [
    '/etc/apt/sources.list',
    ...files.filter((file) => /^debian.*\.(sources|list)$/.test(file)).map((file) => `${folder}/${file}`),
  ].filter(existsSync)
}
