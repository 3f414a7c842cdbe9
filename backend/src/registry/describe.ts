import type { ImagePlatform } from '@karvdash/common'
import { atOnce, gate } from './at-once.ts'
import type { Manifest, Registry } from './client.ts'
import {
  type Descriptor,
  type ImageConfiguration,
  type ReadManifest,
  readConfiguration,
  readImageManifest,
} from './image-json.ts'

/** A layer as the registry keeps it, by what it is when it is unpacked. */
export interface KnownLayer {
  diffId: string
  /** Of the blob. */
  digest: string
  bytes: number
  mediaType: string
}

/** What a digest names: it never changes. */
export interface Description {
  platforms: ImagePlatform[]
  storedBytes: number
  createdAt: string | undefined
  labels: Record<string, string>
  /** Of the first platform. */
  layers: KnownLayer[]
  /** Digests of the manifests that an index names. */
  children: string[]
}

/** Asks the registry what a digest names; undefined where it has no such manifest (any more). */
export type Describe = (repository: string, digest: string) => Promise<Description | undefined>

type Source = Pick<Registry, 'manifest' | 'blob'>
type Named = (ReadManifest & { kind: 'index' })['platforms'][number]

interface Ordered {
  /** Whether it is the only one, or the first of an index. */
  isFirst: boolean
}

interface Part {
  platform: ImagePlatform | undefined
  blobs: Descriptor[]
  configuration: ImageConfiguration | undefined
  layers: KnownLayer[]
}

// What is read here was written by whoever pushed it, and is read for whoever looks: real manifests have up to some dozen KiB, and
// configurations seldom more.
const mostManifestBytes = 128 * 1024
const mostConfigurationBytes = 256 * 1024
const mostDescribed = 4
const mostParts = 2

/** Describes by reading manifests and configurations. */
export function createDescribe(registry: Source): Describe {
  const inTurn = gate(mostDescribed)
  return (repository, digest) => inTurn(() => described(registry, repository, digest))
}

async function described(registry: Source, repository: string, digest: string): Promise<Description | undefined> {
  const manifest = await registry.manifest(repository, digest, mostManifestBytes)
  if (!manifest) return undefined
  const read = readImageManifest(manifest)
  if (read.kind !== 'index')
    return together(manifest, [await partOf(registry, repository, { manifest, platform: undefined, isFirst: true })])
  const platforms = read.platforms.map((child, at) => ({ ...child, isFirst: at === 0 }))
  const children = await atOnce(platforms, mostParts, (child) => childOf(registry, repository, child))
  const parts = children.flatMap((part) => part ?? [])
  return { ...together(manifest, parts), children: read.children }
}

/** One image of an index; undefined for one that the registry has not. */
async function childOf(registry: Source, repository: string, named: Named & Ordered): Promise<Part | undefined> {
  const manifest = await registry.manifest(repository, named.digest, mostManifestBytes)
  return manifest && partOf(registry, repository, { ...named, manifest })
}

async function partOf(
  registry: Source,
  repository: string,
  { manifest, platform, isFirst }: { manifest: Manifest } & Pick<Named, 'platform'> & Ordered,
): Promise<Part> {
  const read = readImageManifest(manifest)
  const itself = { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.content.length }
  if (read.kind !== 'image') return { platform: undefined, blobs: [itself], configuration: undefined, layers: [] }
  const blobs = [itself, read.config, ...read.layers]
  if (!read.isRunnable) return { platform: undefined, blobs, configuration: undefined, layers: [] }
  // Of an index, the first one stands for what all have in common.
  const isRead = (isFirst || platform === undefined) && read.config.size <= mostConfigurationBytes
  const content = isRead ? await registry.blob(repository, read.config.digest, mostConfigurationBytes) : undefined
  const configuration = content && readConfiguration(content)
  const isFor = platform ?? configuration?.platform ?? { os: '', architecture: '' }
  const bytes = sum([read.config, ...read.layers])
  return {
    platform: { ...isFor, digest: manifest.digest, bytes },
    blobs,
    configuration,
    layers: layersOf(read.layers, configuration),
  }
}

function layersOf(layers: Descriptor[], configuration: ImageConfiguration | undefined): KnownLayer[] {
  const { diffIds = [] } = configuration ?? {}
  if (diffIds.length !== layers.length) return []
  return layers.map(({ digest, size, mediaType }, at) => ({ diffId: diffIds[at] ?? '', digest, bytes: size, mediaType }))
}

function together(manifest: Manifest, parts: Part[]): Description {
  const [first] = parts
  const blobs = new Map(parts.flatMap((part) => part.blobs).map((blob) => [blob.digest, blob]))
  blobs.delete(manifest.digest)
  return {
    platforms: parts.flatMap(({ platform }) => platform ?? []),
    storedBytes: manifest.content.length + sum([...blobs.values()]),
    createdAt: first?.configuration?.createdAt,
    labels: first?.configuration?.labels ?? {},
    layers: first?.layers ?? [],
    children: [],
  }
}

function sum(blobs: Descriptor[]): number {
  return blobs.reduce((total, { size }) => total + size, 0)
}
