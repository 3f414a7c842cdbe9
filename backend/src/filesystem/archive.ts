import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { type ArchiveFormat, type FilePath, folderOf, nameOf } from '@karvdash/common'
import { itemsOf, type Packing } from './archive-items.ts'
import type { Held } from './held.ts'
import { missing } from './refusals.ts'
import type { Root } from './root.ts'
import { tarOf } from './tar.ts'
import { unused } from './unused-name.ts'
import { look } from './walk.ts'
import { zipOf } from './zip.ts'

/** Which entries to pack into one archive. */
export interface Archiving {
  paths: readonly FilePath[]
  format: ArchiveFormat
  /** What the root is called in the archive, which has no name of its own. */
  rootName: string
}

/**
 * Packs entries, and all below them, as a stream: whoever destroys it, or reads it to its end, lets go of all that is held for it.
 * @throws Problem 404 `entry-missing`.
 */
export async function openArchive(root: Root, { paths, format, rootName }: Archiving): Promise<Readable> {
  const held: Held[] = []
  const release = () => {
    for (const one of held.splice(0)) one[Symbol.dispose]()
  }
  try {
    const packings: Packing[] = []
    for (const path of paths) {
      const folder = await root.hold(folderOf(path))
      held.push(folder)
      const as = unused(nameOf(path) || rootName, new Set(packings.map((one) => one.as)))
      packings.push({ folder: folder.fd, name: nameOf(path) || '.', as })
      if (!(await look(folder.fd, nameOf(path) || '.'))) throw missing(path)
    }
    const items = itemsOf(packings)
    const stream = Readable.from(format === 'zip' ? zipOf(items) : tarOf(items), { objectMode: false })
    // Not in the generator, which would do nothing where nobody began to read.
    stream.once('close', release)
    // What goes wrong on either side ends both, and whoever reads the last hears of it.
    return format === 'tar.gz' ? pipeline(stream, createGzip({ level: 1 }), () => undefined) : stream
  } catch (error) {
    release()
    throw error
  }
}
