import { conflict, type EntryPlace } from '@karvdash/common'
import type { OpenFile } from '../../filesystem/read.ts'
import type { OpenDomain } from '../../storage/jobs/site.ts'
import { type Archive, openArchive } from '../archive/archive.ts'
import type { ArchivedSet } from '../archive/images.ts'
import { archivedImages } from '../archive/read.ts'

/** A file that was looked through; closed where its `using` ends. */
export interface ReadFile extends AsyncDisposable {
  archive: Archive
  set: ArchivedSet
  etag: string
}

export interface ReadingPorts {
  open: OpenDomain
  user: string
  from: EntryPlace
  signal: AbortSignal
}

/** Opens a file of a user. @throws Problem 404, 409 where it is none. */
export async function openImageFile({ open, user, from }: Omit<ReadingPorts, 'signal'>): Promise<OpenFile> {
  const { root } = await open(user, from.domain)
  return root.read(from.path)
}

/**
 * Looks through a file for the images that it holds.
 * @throws Problem 404; 409 where it changed since it had the etag; 422 where it is no sound archive.
 */
export async function readImages(ports: ReadingPorts, etag?: string): Promise<ReadFile> {
  const file = await openImageFile(ports)
  try {
    const now = file.entry.etag
    if (etag !== undefined && now !== etag) throw conflict('The file changed since it began to be added. Add it again.')
    const archive = await openArchive(file, ports.signal)
    return { archive, set: await archivedImages(archive), etag: now, [Symbol.asyncDispose]: () => file.close() }
  } catch (error) {
    await file.close()
    throw error
  }
}
