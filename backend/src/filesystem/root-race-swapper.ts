import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'

/*
 * For tests, a process of its own: a tenant who, in their own folder, swaps folders, files, FIFOs, devices and links to outside for one another
 * as fast as the machine can, for as many milliseconds as the second argument says. It prepares each thing under a name that nobody else knows and
 * renames it into place: going through `spot` it would follow its own links, which no tenant's container could.
 */
const [, , folder = '', forMs = '0'] = process.argv
let made = 0
const here = (name: string) => `${folder}/${name}`
const fresh = () => here(`made-${made++}`)

// Made once: each that is swapped is one more name of it.
execFileSync('mkfifo', [here('fifo')])
execFileSync('mknod', [here('zero'), 'c', '1', '5'])

const swaps: (() => void)[] = [
  () => {
    const path = fresh()
    mkdirSync(path)
    writeFileSync(`${path}/secret`, 'mine')
    symlinkSync('../../bob', `${path}/inner`)
    renameSync(path, here('spot'))
  },
  () => place((path) => symlinkSync('../bob', path), 'spot'),
  () => place((path) => symlinkSync('../bob/secret', path), 'file'),
  () => place((path) => writeFileSync(path, 'mine'), 'file'),
  () => place((path) => writeFileSync(path, 'mine'), 'spot'),
  () => place((path) => linkSync(here('fifo'), path), 'file'),
  () => place((path) => linkSync(here('fifo'), path), 'spot'),
  () => place((path) => linkSync(here('zero'), path), 'file'),
  () => renameSync(here('spot'), here('aside')),
  () => renameSync(here('aside'), here('spot')),
  () => rmSync(here('spot'), { recursive: true }),
  () => rmSync(here('aside'), { recursive: true }),
]

function place(make: (path: string) => void, name: string): void {
  const path = fresh()
  make(path)
  try {
    renameSync(path, here(name))
  } catch {
    rmSync(path)
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4))
for (const end = Date.now() + Number(forMs); Date.now() < end; ) {
  try {
    swaps[Math.floor(Math.random() * swaps.length)]?.()
  } catch {
    // The other side was faster, or it was not its turn.
  }
  // Now and then the other side gets far enough to be caught in the middle.
  if (Math.random() < 0.1) Atomics.wait(pause, 0, 0, Math.random() * 3)
}
