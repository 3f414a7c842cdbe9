import type { BigIntStats } from 'node:fs'
import { readlink } from 'node:fs/promises'
import type { Name } from './free-name.ts'
import { at } from './held.ts'
import { Ladder } from './ladder.ts'
import { type OpenFile, openFile } from './read.ts'
import { codeOf } from './refusals.ts'
import { look, walk } from './walk.ts'

/** An entry on its way into an archive. */
export type ArchiveItem = { path: string; stats: BigIntStats } & (
  | { kind: 'folder' }
  | { kind: 'link'; target: Buffer }
  /** Open until the next item is asked for. */
  | { kind: 'file'; file: OpenFile }
)

/** What to pack: an entry, and what it is called in the archive. */
export interface Packing extends Name {
  as: string
}

/** The entries to pack and all below them, each just before what it holds. Links stay links; FIFOs, sockets and devices are left out. */
export async function* itemsOf(packings: readonly Packing[]): AsyncGenerator<ArchiveItem, void> {
  for (const packing of packings) {
    const stats = await look(packing.folder, packing.name)
    if (stats?.isDirectory()) yield* tree(packing, stats)
    else if (stats) yield* leaf(packing, { path: packing.as, stats })
  }
}

async function* tree(packing: Packing, stats: BigIntStats): AsyncGenerator<ArchiveItem, void> {
  using ladder = new Ladder(packing)
  const trail = [packing.as]
  const below = (name: string) => [...trail, name].join('/')
  yield { kind: 'folder', path: packing.as, stats }
  for await (const visit of walk(ladder)) {
    if (visit.kind === 'leaf') yield* leaf({ folder: ladder.here, name: visit.name }, { ...visit, path: below(visit.name) })
    if (visit.kind === 'leave') trail.pop()
    if (visit.kind !== 'enter') continue
    trail.push(visit.name)
    yield { kind: 'folder', path: trail.join('/'), stats: visit.stats }
  }
}

async function* leaf({ folder, name }: Name, { path, stats }: Pick<ArchiveItem, 'path' | 'stats'>): AsyncGenerator<ArchiveItem> {
  if (stats.isSymbolicLink()) {
    const target = await unlessGone(readlink(at(folder, name), { encoding: 'buffer' }))
    if (target) yield { kind: 'link', path, stats, target }
  }
  if (!stats.isFile()) return
  const file = await unlessGone(openFile({ folder, name }, path))
  try {
    if (file) yield { kind: 'file', path, stats, file }
  } finally {
    await file?.close()
  }
}

/** What was deleted since its folder was read is left out. */
function unlessGone<T>(looking: Promise<T>): Promise<T | undefined> {
  return looking.catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
    return undefined
  })
}
