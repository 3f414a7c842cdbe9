import { createHash } from 'node:crypto'
import { Digest } from '@karvdash/common'
import * as z from 'zod'
import { jsonText } from '../../json-text.ts'
import type { Archive, Packed } from './archive.ts'
import { unsound } from './unsound.ts'

/** A platform, as configurations and descriptors name it. */
export const Platform = z.object({
  os: z.string().max(100),
  architecture: z.string().max(100),
  variant: z.string().max(100).optional(),
})
export type Platform = z.infer<typeof Platform>

/** A layer, or another blob that images are made of. */
export interface Layer {
  /** Of its content in the archive; for a layer of `docker save`, of what that unpacks to. */
  digest: string
  file: Packed
  /** Whether the digest is of the layer unpacked, so that it may be compressed on its way. */
  isDiff: boolean
}

/** What a layer is in the registry. */
export interface Blob {
  digest: string
  bytes: number
  /** How a layer of `docker save` is compressed; what is sent as it was in the archive has a manifest that says so. */
  packing: 'gzip' | 'zstd' | 'as-is'
}

/** A manifest, ready to be put. */
export interface Document {
  digest: string
  mediaType: string
  content: Buffer
}

/** An image, or several for as many platforms, in an archive. */
export interface ArchivedImage {
  /** As they stand in the archive. */
  names: string[]
  platforms: Platform[]
  layers: Layer[]
  /** Configurations, which are sent as they are. */
  configurations: { digest: string; content: Buffer }[]
  /** Its manifests, in the order in which they can be put, its own last; some need to know what the layers with diff ids became. */
  manifests(blobOf: (diffId: string) => Blob): Document[]
  /** Its digest, where its manifests do not depend on that. */
  digest?: string
}

/** An archive, and the images that it holds. */
export interface ArchivedSet {
  format: 'docker-archive' | 'oci-archive'
  images: ArchivedImage[]
}

/** As many layers may an image have, and an archive images and names. */
export const most = { layers: 1_000, allLayers: 5_000, images: 100, names: 200 }

/** The digest of some bytes. */
export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** A configuration, as far as it matters here. */
export const Configuration = jsonText.pipe(
  Platform.extend({
    os: Platform.shape.os.default('linux'),
    architecture: Platform.shape.architecture.default('unknown'),
  }).extend({ rootfs: z.object({ diff_ids: z.array(Digest) }) }),
)

/** Reads a description of an archive, such as a manifest. @throws Problem 422 where it is not there, or not such a one. */
export async function described<T>(
  archive: Archive,
  file: Packed | undefined,
  { name, schema }: { name: string; schema: z.ZodType<T> },
): Promise<{ content: Buffer; value: T }> {
  if (!file) throw lacks(name)
  const content = await archive.description(file)
  return { content: content ?? Buffer.alloc(0), value: understood(content, { name, schema }) }
}

/** What a description says. @throws Problem 422. */
export function understood<T>(content: Buffer | undefined, { name, schema }: { name: string; schema: z.ZodType<T> }): T {
  const parsed = schema.safeParse(content?.toString())
  if (!parsed.success) throw unsound(`"${name.slice(0, 100)}" in the archive cannot be understood. Export the image again.`)
  return parsed.data
}

/** 422: something that is named is not in the archive. */
export function lacks(name: string): Error {
  return unsound(`The archive is not whole: "${name.slice(0, 100)}" is missing in it. Export the image again.`)
}

/** 422: something is not what its digest says. */
export function differs(name: string): Error {
  return unsound(`The archive is damaged: "${name.slice(0, 100)}" is not what its digest says. Export the image again.`)
}

/** 422: layers that are to be fetched from elsewhere. */
export function foreign(): Error {
  return unsound(
    'The image has layers that are to be fetched from elsewhere (foreign layers): this registry takes whole images only.',
  )
}
