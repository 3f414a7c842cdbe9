import type { UploadOptions } from './blob-upload.ts'
import { createReader } from './reading.ts'
import type { Send } from './transport.ts'
import { createWriter } from './writing.ts'

/** What a reference names. */
export interface Described {
  /** `sha256:…` */
  digest: string
  mediaType: string
  /** Of the manifest itself. */
  bytes: number
}

/** A manifest: of an image, of images for several platforms, or of something else that a registry keeps. */
export interface Manifest {
  digest: string
  mediaType: string
  /** At most 4 MiB, and of this very digest. */
  content: Buffer
}

/**
 * The registry, as the OCI distribution specification has it. What goes wrong is a Problem: 503 where it does not answer or is overloaded, 507 where it is full, 403 where it forbids, 422
 * where it does not take what it is sent, 502 where its answer makes no sense. A reference is a tag or a digest.
 */
export interface Registry {
  /** All names, in no order; undefined where the registry tells them nobody. */
  repositories(signal?: AbortSignal): Promise<string[] | undefined>
  /** In no order; [] where there is no such repository. */
  tags(repository: string, signal?: AbortSignal): Promise<string[]>
  head(repository: string, reference: string): Promise<Described | undefined>
  /** @throws Problem 502 for one of more than 4 MiB, or than fewer that are told. */
  manifest(repository: string, reference: string, mostBytes?: number): Promise<Manifest | undefined>
  putManifest(repository: string, reference: string, manifest: Pick<Manifest, 'mediaType' | 'content'>): Promise<void>
  /** Deletes a manifest with all its tags; false where there is none (any more). */
  deleteManifest(repository: string, digest: string): Promise<boolean>
  /** A small blob as a whole, of this very digest. @throws Problem 502 for one of more than 4 MiB, or than fewer that are told. */
  blob(repository: string, digest: string, mostBytes?: number): Promise<Buffer | undefined>
  /** The size of a blob in bytes, where the repository has it. */
  hasBlob(repository: string, digest: string): Promise<number | undefined>
  /** Takes a blob over from another repository; false where the registry does not. */
  mountBlob(repository: string, digest: string, from: string): Promise<boolean>
  /**
   * Sends a blob as a stream in one upload; its digest is asked for when all of it was sent. An upload that does not end is taken back.
   * @throws Problem as above, also for a registry that takes nothing for a minute; the reason of the signal; what the content throws.
   */
  putBlob(repository: string, content: AsyncIterable<Uint8Array>, options: UploadOptions): Promise<void>
}

/** The registry behind a transport. */
export function createRegistry(send: Send): Registry {
  return { ...createReader(send), ...createWriter(send) }
}
