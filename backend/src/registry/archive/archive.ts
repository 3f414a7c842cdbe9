import type { OpenFile } from '../../filesystem/read.ts'
import { bytesOf } from './bytes.ts'
import { mostEntries, type TarEntry, tarEntries } from './tar.ts'
import { unsound } from './unsound.ts'

/** A file in an archive. */
export type Packed = Pick<TarEntry, 'offset' | 'size'>

/** An archive of files, looked through once. */
export interface Archive {
  /** Whether to read anything of it takes unpacking all before it. */
  isPacked: boolean
  /** The file of this name; links are followed. */
  find(name: string): Packed | undefined
  /** What a description has in it, such as a manifest; undefined for a file that is none. @throws Problem 422 where it is too large, or all are. */
  description(file: Packed): Promise<Buffer | undefined>
  /** Goes over files in the order in which they lie: what is not read of one is skipped. */
  contents(
    files: Iterable<Packed>,
    signal: AbortSignal,
  ): AsyncGenerator<{ file: Packed; content: AsyncGenerator<Buffer, void> }, void>
}

/** As large may a manifest or configuration be. */
const mostDescription = 4 * 1024 * 1024
/** What all of them together may be: they are held. */
const mostDescriptions = 16 * 1024 * 1024
const mostLinks = 10

/** Looks through an archive. The file stays open, and is the caller's. @throws Problem 422 where it is unsound. */
export async function openArchive(file: OpenFile, signal: AbortSignal): Promise<Archive> {
  const entries = new Map<string, TarEntry>()
  const kept = new Map<number, Buffer>()
  let room = mostDescriptions
  const bytes = await bytesOf(file, signal)
  const { isPacked } = bytes
  try {
    for await (const entry of tarEntries(bytes)) {
      if (entries.size >= mostEntries) throw unsound(`The archive has more than ${mostEntries.toLocaleString('en')} entries.`)
      entries.set(entry.name, entry)
      if (!isPacked || entry.size > mostDescription || entry.size < 2) continue
      const begins = await bytes.read(1)
      if (!isDescription(begins)) continue
      if (entry.size > room) throw tooManyDescriptions()
      room -= entry.size
      kept.set(entry.offset, Buffer.concat([begins, await bytes.read(entry.size - 1)]))
    }
  } finally {
    bytes.close()
  }
  return {
    isPacked,
    find: (name) => followed(entries, name),
    async description({ offset, size }) {
      if (size > mostDescription) throw unsound('A manifest or configuration in the archive is larger than 4 MiB.')
      if (isPacked) return kept.get(offset)
      if (size > room) throw tooManyDescriptions()
      const content = Buffer.alloc(size)
      const read = await file.readAt(content, offset)
      if (read < size || !isDescription(content)) return undefined
      room -= size
      return content
    },
    contents: (files, signal) => contentsOf(file, files, signal),
  }
}

function followed(entries: ReadonlyMap<string, TarEntry>, name: string): TarEntry | undefined {
  let found = entries.get(name)
  for (let links = 0; found?.target !== undefined; links++) {
    if (links >= mostLinks) throw unsound(`In the archive "${name.slice(0, 100)}" is a link that leads nowhere.`)
    found = entries.get(found.target)
  }
  return found
}

/** JSON objects and lists are what describes. */
function isDescription(content: Buffer): boolean {
  return content[0] === 0x7b || content[0] === 0x5b
}

function tooManyDescriptions(): Error {
  return unsound('The manifests and configurations in the archive are larger than 16 MiB together. Export fewer images at once.')
}

async function* contentsOf(file: OpenFile, files: Iterable<Packed>, signal: AbortSignal): ReturnType<Archive['contents']> {
  const bytes = await bytesOf(file, signal)
  try {
    for (const one of [...files].sort((a, b) => a.offset - b.offset)) {
      if (one.offset < bytes.position) continue
      await bytes.skip(one.offset - bytes.position)
      yield { file: one, content: bytes.chunks(one.size) }
    }
  } finally {
    bytes.close()
  }
}
