import { Digest, Problem } from '@karvdash/common'
import * as z from 'zod'
import { jsonText } from '../../json-text.ts'
import { type Blob, Configuration } from '../archive/images.ts'
import type { Registry } from '../client.ts'
import type { AdditionRecord, SentBlob } from './record.ts'

/** What the registry is known to have, or to have had. */
export interface Known {
  /** What layers became, by their digests in archives. */
  blobs: Map<string, Blob>
  /** In which repositories a blob is, by its digest there. */
  places: Map<string, Set<string>>
}

const mostTags = 10
const Manifest = jsonText.pipe(
  z.object({
    config: z.object({ digest: Digest }),
    layers: z.array(z.object({ mediaType: z.string(), digest: Digest, size: z.int().min(0) })).max(1_000),
  }),
)

/** What additions sent: we looked at each byte of that. */
export function knownBy(records: Iterable<Pick<AdditionRecord, 'sent'>>): Known {
  const known: Known = { blobs: new Map(), places: new Map() }
  for (const { sent } of records) for (const [digest, blob] of Object.entries(sent)) learn(known, digest, blob)
  return known
}

/** Takes in what became of a layer. */
export function learn({ blobs, places }: Known, digest: string, { repository, ...blob }: SentBlob): void {
  if (blob.packing !== 'as-is') blobs.set(digest, blob)
  const there = places.get(blob.digest) ?? new Set()
  places.set(blob.digest, there.add(repository))
}

/**
 * Takes in what the images of a user's own repository are made of. Of no other: what a configuration says of its layers is the word of whoever pushed it, and
 * a tenant could have others' images made of layers that are not theirs.
 */
export async function learnOwn(
  known: Known,
  repository: string,
  { user, registry }: { user: string; registry: Registry },
): Promise<void> {
  if (!repository.startsWith(`${user}/`)) return
  for (const tag of (await registry.tags(repository)).slice(0, mostTags)) {
    const { layers, diffIds } = await layersOf(repository, tag, registry).catch(nothingOdd)
    if (diffIds.length !== layers.length) continue
    for (const [i, { mediaType, digest, size: bytes }] of layers.entries()) {
      const packing = /[.+](gzip|zstd)$/.exec(mediaType)?.[1] as 'gzip' | 'zstd' | undefined
      const diffId = diffIds[i]
      if (packing && diffId && !known.blobs.has(diffId)) learn(known, diffId, { digest, bytes, packing, repository })
    }
  }
}

interface Layers {
  layers: z.infer<typeof Manifest>['layers']
  diffIds: string[]
}

async function layersOf(repository: string, tag: string, registry: Registry): Promise<Layers> {
  const manifest = Manifest.safeParse((await registry.manifest(repository, tag))?.content.toString())
  if (!manifest.success) return { layers: [], diffIds: [] }
  const { config, layers } = manifest.data
  const configuration = Configuration.safeParse((await registry.blob(repository, config.digest))?.toString())
  return { layers, diffIds: configuration.data?.rootfs.diff_ids ?? [] }
}

/** What is larger than any image's is no image to learn from. */
function nothingOdd(error: unknown): Layers {
  if (error instanceof Problem && error.status === 502) return { layers: [], diffIds: [] }
  throw error
}
