import { Digest } from '@karvdash/common'
import * as z from 'zod'
import { jsonText } from '../../json-text.ts'
import type { Archive, Packed } from './archive.ts'
import {
  type ArchivedImage,
  Configuration,
  type Document,
  described,
  differs,
  digestOf,
  foreign,
  type Layer,
  lacks,
  most,
  Platform,
  understood,
} from './images.ts'
import { unsound } from './unsound.ts'

const Descriptor = z.object({
  mediaType: z.string().max(300).catch(''),
  digest: Digest,
  size: z.int().min(0),
  urls: z.array(z.string()).nullish(),
  platform: Platform.nullish().catch(undefined),
  annotations: z.record(z.string(), z.string()).nullish(),
})
type Descriptor = z.infer<typeof Descriptor>

const Index = jsonText.pipe(z.object({ mediaType: z.string().max(300).optional(), manifests: z.array(Descriptor) }))
const ImageManifest = jsonText.pipe(
  z.object({ mediaType: z.string().max(300).optional(), config: Descriptor, layers: z.array(Descriptor) }),
)

/** What an OCI image layout names its list of images. */
export const ociIndex = 'index.json'

const indexTypes = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json']
const manifestTypes = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']
const nameAnnotations = ['io.containerd.image.name', 'org.opencontainers.image.ref.name']
const mostDepth = 4
const mostManifests = 1_000

/** The images of an OCI image layout, for all their platforms and with what was attested of them. @throws Problem 422. */
export async function ociImages(archive: Archive): Promise<ArchivedImage[]> {
  const file = archive.find(ociIndex)
  const { content, value } = await described(archive, file, { name: ociIndex, schema: Index })
  const { manifests } = value
  const isOne = manifests.length > 1 && manifests.every((one) => nameOf(one) === undefined && one.platform)
  // Several platforms and no names: the list of all is the image.
  const all = { mediaType: indexTypes[0] ?? '', digest: digestOf(content), size: content.length }
  if (file && isOne) return [await imageOf([{ ...all, file }], archive)]
  const named = Map.groupBy(manifests, ({ digest }) => digest)
  if (named.size > most.images) throw unsound(`The archive has more than ${most.images} images.`)
  const images: ArchivedImage[] = []
  for (const descriptors of named.values()) images.push(await imageOf(descriptors, archive))
  return images
}

async function imageOf(descriptors: (Descriptor & { file?: Packed })[], archive: Archive): Promise<ArchivedImage> {
  const found: Found = { platforms: [], layers: new Map(), configurations: new Map(), documents: new Map() }
  const [descriptor] = descriptors
  if (descriptor) await gather(descriptor, { archive, found, depth: 0 })
  return {
    names: descriptors.flatMap((one) => nameOf(one) ?? []),
    platforms: found.platforms,
    layers: [...found.layers.values()],
    configurations: [...found.configurations].map(([digest, content]) => ({ digest, content })),
    manifests: () => [...found.documents.values()],
    ...(descriptor && { digest: descriptor.digest }),
  }
}

function nameOf({ annotations }: Descriptor): string | undefined {
  return nameAnnotations.map((one) => annotations?.[one]).find((name) => name !== undefined && name.length <= 1_000)
}

interface Found {
  platforms: Platform[]
  layers: Map<string, Layer>
  configurations: Map<string, Buffer>
  documents: Map<string, Document>
}

interface Gathering {
  archive: Archive
  found: Found
  depth: number
}

/** Takes in a manifest and all that it is made of: what it is made of comes first. */
async function gather(descriptor: Descriptor & { file?: Packed }, { archive, found, depth }: Gathering): Promise<void> {
  const { digest, mediaType } = descriptor
  if (found.documents.has(digest)) return
  if (depth > mostDepth || found.documents.size >= mostManifests)
    throw unsound('The archive has more manifests, or deeper ones, than an image has.')
  const file = descriptor.file ?? fileOf(descriptor, archive)
  const content = await archive.description(file)
  if (content === undefined || digestOf(content) !== digest) throw differs(digest)
  if (indexTypes.includes(mediaType)) {
    const index = understood(content, { name: digest, schema: Index })
    insistSame(index.mediaType, mediaType)
    for (const one of index.manifests) await gather(one, { archive, found, depth: depth + 1 })
  } else if (manifestTypes.includes(mediaType)) {
    const manifest = understood(content, { name: digest, schema: ImageManifest })
    insistSame(manifest.mediaType, mediaType)
    await gatherImage(manifest, { archive, found, depth })
  } else throw unsound(`"${digest}" in the archive is neither an image nor a list of images, but "${mediaType.slice(0, 100)}".`)
  found.documents.set(digest, { digest, mediaType, content })
}

/** Readers may go by either: both must say the same. */
function insistSame(told: string | undefined, mediaType: string): void {
  if (told !== undefined && told !== mediaType)
    throw unsound('The archive is damaged: a manifest is not of the kind that it is said to be.')
}

async function gatherImage({ config, layers }: z.infer<typeof ImageManifest>, { archive, found }: Gathering): Promise<void> {
  if (layers.length > most.layers)
    throw unsound(`An image of the archive has more than ${most.layers.toLocaleString('en')} layers.`)
  for (const layer of layers) takeLayer(layer, archive, found)
  const file = fileOf(config, archive)
  const content = await archive.description(file)
  // What is no image, such as a chart, may have anything for its configuration.
  if (content === undefined) return takeLayer(config, archive, found)
  if (digestOf(content) !== config.digest) throw differs(config.digest)
  found.configurations.set(config.digest, content)
  const { os, architecture, variant } = Configuration.safeParse(content.toString()).data ?? {}
  // Attestations are "unknown/unknown".
  if (os === undefined || architecture === undefined || os === 'unknown') return
  found.platforms.push({ os, architecture, ...(variant !== undefined && { variant }) })
}

function takeLayer(layer: Descriptor, archive: Archive, { layers }: Found): void {
  if (layer.urls?.length) throw foreign()
  if (!layers.has(layer.digest)) layers.set(layer.digest, { digest: layer.digest, file: fileOf(layer, archive), isDiff: false })
}

function fileOf({ digest, size }: Descriptor, archive: Archive): Packed {
  const name = `blobs/${digest.replace(':', '/')}`
  const file = archive.find(name)
  if (!file) throw lacks(name)
  if (file.size !== size) throw differs(digest)
  return file
}
