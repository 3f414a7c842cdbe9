import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Writes the smallest image there is into a folder, as an OCI layout with the tag `tiny`: one layer without files. Gives its digest. */
export async function writeTinyImage(folder: string, label: string): Promise<string> {
  const blobs = join(folder, 'blobs', 'sha256')
  await mkdir(blobs, { recursive: true })
  const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const blob = async (bytes: Buffer, mediaType: string) => {
    const digest = digestOf(bytes)
    await writeFile(join(blobs, digest.slice('sha256:'.length)), bytes)
    return { mediaType, digest, size: bytes.length }
  }
  const json = (value: object) => Buffer.from(JSON.stringify(value))
  const kind = (name: string) => `application/vnd.oci.image.${name}`
  // Two blocks of zeros end a tar.
  const tar = Buffer.alloc(1024)
  const layer = await blob(gzipSync(tar), kind('layer.v1.tar+gzip'))
  const rootfs = { type: 'layers', diff_ids: [digestOf(tar)] }
  const config = await blob(
    json({ architecture: 'amd64', os: 'linux', config: { Labels: { label } }, rootfs }),
    kind('config.v1+json'),
  )
  const manifest = await blob(
    json({ schemaVersion: 2, mediaType: kind('manifest.v1+json'), config, layers: [layer] }),
    kind('manifest.v1+json'),
  )
  const named = { ...manifest, annotations: { 'org.opencontainers.image.ref.name': 'tiny' } }
  await writeFile(join(folder, 'index.json'), json({ schemaVersion: 2, manifests: [named] }))
  await writeFile(join(folder, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }))
  return manifest.digest
}
