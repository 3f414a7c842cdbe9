import { posix } from 'node:path'
import type { Bytes } from './bytes.ts'
import { link, mostMetadata, paxRecords, readHeader, type Told, textOf } from './tar-header.ts'
import { truncated, unsound } from './unsound.ts'

/** A file of a tar archive, or a link to one. */
export interface TarEntry {
  /** As it would be below the folder where it is unpacked; such as would be above it are not told of. */
  name: string
  /** Where its content begins in the (unpacked) archive. */
  offset: number
  size: number
  /** What a link is for, as a name like the others. */
  target?: string
}

const block = 512
/** As many as an archive may have. */
export const mostEntries = 50_000
/** What is in an archive, in bytes. */
const mostUnpacked = 1024 ** 4
/** Longer names are nothing that an image's archive names. */
const mostName = 512

/**
 * Goes through a tar archive (POSIX.1-2017, pax; with GNU's long names and sizes). What is yielded can be read from the bytes before going on.
 * @throws Problem 422 where it is none, is damaged, ends in the middle, has sparse files, or too many entries.
 */
export async function* tarEntries(bytes: Bytes): AsyncGenerator<TarEntry, void> {
  let told: Told = {}
  for (let count = 0; ; count++) {
    const header = readHeader(await wholeBlock(bytes), bytes.position === block)
    // "At the end of the archive file there shall be two 512-octet logical records filled with binary zeros"; some writers leave it at one.
    if (header === undefined) return
    if (count >= mostEntries * 2) throw unsound(`The archive has more than ${mostEntries.toLocaleString('en')} entries.`)
    if (header.isSparse) throw sparse()
    if (header.metadata !== undefined) {
      told = { ...told, ...(await toldBy(header.metadata, header.size, bytes)) }
      continue
    }
    const entry = entryOf({ ...header, ...told }, bytes.position)
    told = {}
    const end = entry.offset + entry.size + (-entry.size & (block - 1))
    if (!(end <= mostUnpacked))
      throw unsound('The archive is damaged, or a trap: with all that is in it it would take more than 1 TiB.')
    if (isNamed(entry)) yield entry
    await bytes.skip(end - bytes.position)
  }
}

async function wholeBlock(bytes: Bytes): Promise<Buffer> {
  const content = await bytes.read(block)
  if (content.length < block) throw bytes.position === content.length ? unsound('The file is no archive of images.') : truncated()
  return content
}

function entryOf(
  { name, target, size, type }: { name: string; target: string; size: number; type: string },
  offset: number,
): TarEntry {
  const here = posix.normalize(name)
  // Nothing but files has contents, whatever size is told.
  if (type === 'file') return { name: here, offset, size }
  if (type === link.hard) return { name: here, offset, size: 0, target: posix.normalize(target) }
  if (type === link.symbolic) return { name: here, offset, size: 0, target: posix.join(posix.dirname(here), target) }
  return { name: '', offset, size: type === 'other' ? size : 0 }
}

function isNamed({ name, target = 'a' }: TarEntry): boolean {
  return [name, target].every(
    (one) => one !== '' && one.length <= mostName && !one.startsWith('/') && one !== '..' && !one.startsWith('../'),
  )
}

/** What comes before an entry and is about it. */
async function toldBy(metadata: 'pax' | 'name' | 'target' | 'global', size: number, bytes: Bytes): Promise<Told> {
  if (!(size <= mostMetadata)) throw unsound('The archive is damaged: a name in it is longer than any can be.')
  const content = await bytes.read(size)
  await bytes.skip(-size & (block - 1))
  if (content.length < size) throw truncated()
  if (metadata === 'name' || metadata === 'target') return { [metadata]: textOf(content) }
  const { isSparse, ...told } = paxRecords(content)
  if (isSparse) throw sparse()
  // What is told of all entries is nothing that matters here.
  return metadata === 'pax' ? told : {}
}

function sparse(): Error {
  return unsound('The archive has sparse files in it, which archives of images have not. Export the image again.')
}
