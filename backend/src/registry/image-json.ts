import { Digest } from '@karvdash/common'
import * as z from 'zod'
import { jsonText } from '../json-text.ts'
import { plain } from '../services/status/plain.ts'
import type { Manifest } from './client.ts'
import { nonsense } from './failures.ts'
import { manifestTypes } from './manifest-answer.ts'

const mostLayers = 1000
const mostPlatforms = 30
const mostLabels = 100
const word = z
  .string()
  .transform((text) => plain(text, 100))
  .catch('')

const bytes = z.number().int().min(0).max(1e15)
const Descriptor = z.object({ mediaType: z.string().max(200).catch(''), digest: Digest, size: bytes })
/** A blob or manifest as another one names it (OCI image specification, "Content Descriptors"). */
export type Descriptor = z.infer<typeof Descriptor>

const Platform = z.object({ os: word, architecture: word, variant: word.optional() })
const Index = z.object({ manifests: z.array(Descriptor.extend({ platform: Platform.optional().catch(undefined) })) })
const Image = z.object({ config: Descriptor, layers: z.array(Descriptor).max(mostLayers) })
const Labels = z.record(z.string(), z.string()).catch({})
const Configuration = z.object({
  os: word.default(''),
  architecture: word.default(''),
  variant: word.optional(),
  created: z.iso.datetime({ offset: true }).optional().catch(undefined),
  config: z.object({ Labels: Labels.nullish() }).nullish().catch(undefined),
  rootfs: z
    .object({ diff_ids: z.array(Digest).max(mostLayers) })
    .optional()
    .catch(undefined),
})
/** What an image's configuration tells of it. */
export interface ImageConfiguration {
  platform: z.infer<typeof Platform>
  createdAt: string | undefined
  labels: Record<string, string>
  /** Digests of the layers when they are unpacked, in order. */
  diffIds: string[]
}

const configurationTypes = ['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json']

/** What a manifest is, as far as it is one of images. Everything in it was written by whoever pushed it. */
export type ReadManifest =
  /** `children` are all that it names: platforms, and what else goes with them. */
  | { kind: 'index'; platforms: z.infer<typeof Index>['manifests']; children: string[] }
  | { kind: 'image'; config: Descriptor; layers: Descriptor[]; isRunnable: boolean }
  | { kind: 'other' }

/** Reads a manifest. @throws Problem 502 for one that is not what its media type says. */
export function readImageManifest({ mediaType, content }: Pick<Manifest, 'mediaType' | 'content'>): ReadManifest {
  const text = content.toString()
  if (isOneOf(manifestTypes.index, mediaType)) {
    const { data } = jsonText.pipe(Index).safeParse(text)
    if (!data) throw nonsense('an index is none')
    const platforms = data.manifests.filter(isPlatform).slice(0, mostPlatforms)
    return { kind: 'index', platforms, children: data.manifests.map(({ digest }) => digest) }
  }
  if (!isOneOf(manifestTypes.image, mediaType)) return { kind: 'other' }
  const { data } = jsonText.pipe(Image).safeParse(text)
  if (!data) throw nonsense('a manifest is none')
  return { kind: 'image', ...data, isRunnable: isOneOf(configurationTypes, data.config.mediaType) }
}

/** Reads a configuration; undefined for what is none. */
export function readConfiguration(content: Buffer): ImageConfiguration | undefined {
  const read = jsonText.pipe(Configuration).safeParse(content.toString())
  if (!read.success) return undefined
  const { os, architecture, variant, created, config, rootfs } = read.data
  return {
    platform: { os, architecture, ...(variant && { variant }) },
    createdAt: builtAt(created),
    labels: boundedLabels(config?.Labels ?? {}),
    diffIds: rootfs?.diff_ids ?? [],
  }
}

function isOneOf(types: readonly string[], type: string): boolean {
  return types.includes(type)
}

/** Builders put statements of how an image was built beside it, as manifests for the platform unknown. */
function isPlatform({ platform }: { platform?: { os: string } | undefined }): boolean {
  return platform?.os !== 'unknown'
}

function boundedLabels(labels: Record<string, string>): Record<string, string> {
  const some = Object.entries(labels).slice(0, mostLabels)
  return Object.fromEntries(some.map(([name, value]) => [plain(name, 200), plain(value)]))
}

/** Images that are built the same each time say that they are of 1970: of those nobody knows when they were built. */
function builtAt(created: string | undefined): string | undefined {
  const at = created === undefined ? 0 : Date.parse(created)
  return at > 0 ? new Date(at).toISOString() : undefined
}
