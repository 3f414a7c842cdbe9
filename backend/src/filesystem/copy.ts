import { chmodSync, chownSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs'
import { readdir, utimes } from 'node:fs/promises'
import { type Copier, copyLeaf, groupFor, secondsOf } from './copy-file.ts'
import { createCrew } from './crew.ts'
import type { Name } from './free-name.ts'
import { at, holdFolder, itself } from './held.ts'
import { Ladder } from './ladder.ts'
import { nameOfRaw } from './raw-name.ts'
import { codeOf, missing } from './refusals.ts'
import { remove } from './remove.ts'
import { look, type Visit, walk } from './walk.ts'

/** What to copy where to. */
export interface Copying {
  from: Name
  /** A name of ours, which nobody looks at until all of it is there. What a copy that was interrupted left there is gone on with. */
  to: Name
  copier: Copier
}

/**
 * Copies an entry and all below it, from folders that are held to folders that are held. Links are copied as links, whatever they lead to; FIFOs,
 * sockets and devices are left out and counted; setuid and setgid of files do not travel; a file with several names becomes several; what is
 * mounted inside is gone into as any folder. Files and folders belong to whom it is copied for, and keep their times.
 * @throws Problem 404 where it is gone, 409 `entry-changed`; whatever the signal was aborted for.
 */
export async function copyEntry({ from, to, copier }: Copying): Promise<void> {
  const stats = await look(from.folder, from.name)
  if (!stats) throw missing(from.name)
  if (!stats.isDirectory()) return copyLeaf({ from, to, path: from.name }, stats, copier)
  using source = new Ladder(from)
  let isOld = makeFolder(to, copier)
  using target = new Ladder(to)
  const crew = createCrew()
  try {
    for await (const visit of walk(source)) {
      copier.signal.throwIfAborted()
      if (visit.kind === 'leaf') await crew.add(() => copyLeaf(leafOf(visit, source, target), visit.stats, copier))
      else await crew.idle()
      if (visit.kind === 'names' && isOld) await removeOthers(target.here, visit.names)
      if (visit.kind === 'enter') isOld = enter(visit.name, target, copier)
      if (visit.kind === 'leave') await leave(visit, target)
    }
    await crew.idle()
    await utimes(at(target.here, '.'), secondsOf(stats), secondsOf(stats))
    copier.tally.entries++
  } finally {
    await crew.ended()
  }
}

function leafOf({ name }: { name: string }, source: Ladder, target: Ladder): Parameters<typeof copyLeaf>[0] {
  return { from: { folder: source.here, name }, to: { folder: target.here, name }, path: `${source.path}/${name}` }
}

function enter(name: string, target: Ladder, copier: Copier): boolean {
  const isOld = makeFolder({ folder: target.here, name }, copier)
  target.down(name)
  copier.tally.entries++
  return isOld
}

/** Its times are set when nothing is made in it any more. */
async function leave({ stats }: Extract<Visit, { kind: 'leave' }>, target: Ladder): Promise<void> {
  await utimes(at(target.here, '.'), secondsOf(stats), secondsOf(stats))
  target.up()
}

/** Makes a folder as all are that Karvdash makes; true where there is one already. */
function makeFolder({ folder, name }: Name, { owner }: Copier): boolean {
  try {
    mkdirSync(at(folder, name), { mode: 0o770 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    if (lstatSync(at(folder, name)).isDirectory()) return true
    // The source was no folder when a copy that was interrupted came by.
    unlinkSync(at(folder, name))
    mkdirSync(at(folder, name), { mode: 0o770 })
  }
  own({ folder, name }, groupFor(folder, owner), owner.uid)
  return false
}

function own({ folder, name }: Name, gid: number, uid: number): void {
  using it = holdFolder(folder, name)
  chownSync(itself(it), uid, gid)
  chmodSync(itself(it), 0o2770)
}

/** What the source does not have any more. */
async function removeOthers(folder: number, names: readonly string[]): Promise<void> {
  const wanted = new Set(names)
  for (const name of (await readdir(at(folder, '.'), { encoding: 'latin1' })).map(nameOfRaw))
    if (!wanted.has(name)) await remove(folder, name, { recursive: true })
}
