import { posix } from 'node:path'
import { Digest } from '@karvdash/common'
import * as z from 'zod'
import { jsonText } from '../../json-text.ts'
import type { Archive } from './archive.ts'
import {
  type ArchivedImage,
  type Blob,
  Configuration,
  type Document,
  described,
  differs,
  digestOf,
  foreign,
  type Layer,
  lacks,
  most,
  type Platform,
} from './images.ts'
import { unsound } from './unsound.ts'

const Saved = z.object({
  Config: z.string(),
  RepoTags: z.array(z.string().max(1_000)).nullish(),
  Layers: z.array(z.string()).nullish(),
  /** Of layers that lie elsewhere. */
  LayerSources: z.record(z.string(), z.object({ urls: z.array(z.string()).nullish() })).nullish(),
})
type Saved = z.infer<typeof Saved>
const Manifest = jsonText.pipe(z.array(Saved))

/** What `docker save` names its list of images. */
export const dockerManifest = 'manifest.json'

/** The images of what `docker save` writes (and podman, skopeo and others as docker-archive). @throws Problem 422. */
export async function dockerImages(archive: Archive): Promise<ArchivedImage[]> {
  const { value: listed } = await described(archive, archive.find(dockerManifest), { name: dockerManifest, schema: Manifest })
  if (listed.length > most.images) throw unsound(`The archive has more than ${most.images} images.`)
  const images: ArchivedImage[] = []
  for (const saved of listed) images.push(await imageOf(saved, archive))
  return images
}

async function imageOf(saved: Saved, archive: Archive): Promise<ArchivedImage> {
  if (Object.values(saved.LayerSources ?? {}).some(({ urls }) => urls?.length)) throw foreign()
  const config = await configurationOf(saved.Config, archive)
  const names = saved.Layers ?? []
  if (names.length > most.layers)
    throw unsound(`An image of the archive has more than ${most.layers.toLocaleString('en')} layers.`)
  if (names.length !== config.diffIds.length)
    throw unsound(`The archive is not whole: an image of ${config.diffIds.length} layers has ${names.length} in it.`)
  const layers = config.diffIds.map((digest, i): Layer => {
    const name = names[i] ?? ''
    const file = archive.find(posix.normalize(name))
    if (!file) throw lacks(name)
    return { digest, file, isDiff: true }
  })
  return {
    names: saved.RepoTags ?? [],
    platforms: [config.platform],
    layers,
    configurations: [config],
    manifests: (blobOf) => [
      manifestOf(
        config,
        layers.map(({ digest }) => blobOf(digest)),
      ),
    ],
  }
}

interface KnownConfiguration {
  digest: string
  content: Buffer
  diffIds: string[]
  platform: Platform
}

async function configurationOf(name: string, archive: Archive): Promise<KnownConfiguration> {
  const file = archive.find(posix.normalize(name))
  if (!file) throw lacks(name)
  const { content, value } = await described(archive, file, { name, schema: Configuration })
  const { rootfs, ...platform } = value
  const digest = digestOf(content)
  // It is named by its digest, in one way or another.
  const told = Digest.safeParse(`sha256:${posix.basename(name, '.json')}`)
  if (told.success && told.data !== digest) throw differs(name)
  return { digest, content, diffIds: rootfs.diff_ids, platform }
}

const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
}

/** An image manifest (OCI image specification): archives of this kind have none. */
function manifestOf({ digest, content }: KnownConfiguration, layers: Blob[]): Document {
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: mediaTypes.config, digest, size: content.length },
      layers: layers.map((layer) => ({
        mediaType: `${mediaTypes.layer}+${layer.packing}`,
        digest: layer.digest,
        size: layer.bytes,
      })),
    }),
  )
  return { mediaType: mediaTypes.manifest, digest: digestOf(manifest), content: manifest }
}
