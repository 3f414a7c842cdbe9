import { spawn } from 'node:child_process'
import { createReadStream, existsSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { createZstdDecompress } from 'node:zlib'

import { run } from '../command.ts'
import { runInside } from './chroot.ts'
import type { Layer, TarProgram } from './layers.ts'

/** What one image adds to the layers below it. */
export interface Changes {
  below: Layer[]
  /** A folder whose files are laid over the root, if it exists. */
  overlay: string
  /** Files and folders of this machine, by their path in the image. */
  files: Record<string, string>
  /** A shell script run inside, if it exists. */
  setup: string
}

/** Makes the changes on an unpacked copy of the layers below, and says which program writes only what changed. */
export async function changesOf({ below, overlay, files, setup }: Changes, scratch: string): Promise<TarProgram> {
  const root = join(scratch, 'root')
  const stamp = join(scratch, 'stamp')
  await mkdir(root)
  for (const layer of below) await unpack(layer, root)
  const before = await paths(root)
  await writeFile(stamp, '')
  await pause(20) // longer than a tick of the file system's clock, so that every change is younger than the stamp
  if (existsSync(overlay)) await run('cp', ['--recursive', '--preserve=mode', `${overlay}/.`, root])
  for (const [target, source] of Object.entries(files)) {
    await mkdir(dirname(join(root, target)), { recursive: true })
    await cp(source, join(root, target), { recursive: true, verbatimSymlinks: true })
  }
  if (existsSync(setup)) await runInside(root, await readFile(setup, 'utf8'))
  await refuseDeletions(before, root)
  return tarOfChanges(root, stamp)
}

async function unpack(layer: Layer, root: string): Promise<void> {
  // tar stops at the end mark; the padding behind it is still to be read, or the writer would meet a closed pipe.
  const script = 'tar --extract --numeric-owner --same-permissions --directory "$0" && cat >/dev/null'
  const tar = spawn('sh', ['-c', script, root], { stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => tar.on('error', reject).on('close', resolve))
  const [code] = await Promise.all([ended, pipeline(createReadStream(layer.path), createZstdDecompress(), tar.stdin)])
  if (code !== 0) throw new Error(`tar could not unpack ${layer.path}`)
}

async function paths(root: string, ...tests: string[]): Promise<string[]> {
  const found = await run('find', ['.', '-mindepth', '1', ...tests, '-print0'], { cwd: root })
  return found.split('\0').filter(Boolean).sort()
}

// A layer says that a file is gone by a whiteout; no image here needs one, so a setup that deletes is taken for a mistake.
async function refuseDeletions(before: string[], root: string): Promise<void> {
  const after = new Set(await paths(root))
  const gone = before.filter((path) => !after.has(path))
  if (gone.length > 0) throw new Error(`the setup deletes files of the layers below: ${gone.slice(0, 10).join(', ')}`)
}

// The change time cannot be set by programs, as the modification time can: it finds what a package unpacked with an old date.
async function tarOfChanges(root: string, stamp: string): Promise<TarProgram> {
  const changed = await paths(root, '-cnewer', stamp)
  const args = ['--create', '--numeric-owner', '--directory', root, '--no-recursion', '--null', '--files-from=-']
  return { program: 'tar', args, input: changed.join('\0') }
}
