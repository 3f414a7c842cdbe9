import type { ArchivedImages } from '@karvdash/common'
import type { Archive } from './archive.ts'
import { dockerImages, dockerManifest } from './docker.ts'
import { type ArchivedSet, most } from './images.ts'
import { ociImages, ociIndex } from './oci.ts'
import { unsound } from './unsound.ts'

/** The images of an archive. What `docker save` writes today is of both formats; its own list is of what is in it. @throws Problem 422. */
export async function archivedImages(archive: Archive): Promise<ArchivedSet> {
  const set = await readImages(archive)
  if (set.images.length === 0) throw unsound('There is no image in the archive.')
  if (set.images.reduce((sum, { names }) => sum + names.length, 0) > most.names)
    throw unsound(`The images of the archive have more than ${most.names} names.`)
  const layers = new Set(set.images.flatMap((image) => image.layers.map(({ digest }) => digest)))
  if (layers.size > most.allLayers)
    throw unsound(`The images of the archive have more than ${most.allLayers.toLocaleString('en')} layers.`)
  return set
}

async function readImages(archive: Archive): Promise<ArchivedSet> {
  if (archive.find(dockerManifest)) return { format: 'docker-archive', images: await dockerImages(archive) }
  if (archive.find(ociIndex)) return { format: 'oci-archive', images: await ociImages(archive) }
  throw unsound(
    'This is no archive of images: neither manifest.json nor index.json is in it. Make one with docker save, podman save or skopeo copy; docker export writes no image.',
  )
}

/** What is told of an archive before anything of it is added. */
export function toldOf({ format, images }: ArchivedSet): ArchivedImages {
  return {
    format,
    images: images.map(({ names, platforms, layers }) => ({
      names,
      platforms,
      layers: layers.length,
      bytes: layers.reduce((sum, { file }) => sum + file.size, 0),
    })),
  }
}
