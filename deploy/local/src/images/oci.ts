import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { run } from '../command.ts'
import type { Layer } from './layers.ts'
import { inMirror } from './reference.ts'

/** What a container of an image runs with: the names of the OCI image specification. */
export interface ImageConfig {
  User?: string
  ExposedPorts?: Record<string, object>
  Env?: string[]
  Entrypoint?: string[]
  Cmd?: string[]
  WorkingDir?: string
  StopSignal?: string
  Labels?: Record<string, string>
}

/** An image before it is pushed anywhere. */
export interface Image {
  layers: Layer[]
  config: ImageConfig
}

interface Blob {
  mediaType: string
  digest: string
  size: number
}

/** Pushes an image to the mirror under its upstream name, unless exactly this image is there. */
export async function pushImage(mirror: string, reference: string, image: Image): Promise<void> {
  const { config, manifest } = documents(image)
  const { manifestUrl, copyTarget } = inMirror(mirror, reference)
  if ((await digestAt(manifestUrl)) === digestOf(manifest)) return
  const layout = await mkdtemp(join(tmpdir(), 'karvdash-image-'))
  try {
    await writeLayout(layout, image.layers, [config, manifest])
    await run('skopeo', ['--insecure-policy', 'copy', '--dest-tls-verify=false', `oci:${layout}:image`, copyTarget])
  } finally {
    await rm(layout, { recursive: true, force: true })
  }
}

/** Whether the mirror has any image under a reference. */
export async function inMirrorAlready(mirror: string, reference: string): Promise<boolean> {
  return (await digestAt(inMirror(mirror, reference).manifestUrl)) !== null
}

async function digestAt(manifestUrl: string): Promise<string | null> {
  const response = await fetch(manifestUrl, { method: 'HEAD', headers: { accept: manifestType } })
  return response.ok ? response.headers.get('docker-content-digest') : null
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json'

// Deterministic: the same layers and config make the same digests, so an image that is there is recognised.
function documents({ layers, config }: Image): { config: Buffer; manifest: Buffer } {
  const created = new Date(0).toISOString()
  const configDocument = Buffer.from(
    JSON.stringify({
      created,
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config,
      // One entry a layer: buildah refuses a base whose history and layers do not match.
      history: layers.map(() => ({ created, created_by: 'karvdash' })),
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    }),
  )
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: blobOf(configDocument, 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map(({ digest, size }) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd', digest, size })),
  }
  return { config: configDocument, manifest: Buffer.from(JSON.stringify(manifest)) }
}

async function writeLayout(folder: string, layers: Layer[], [config, manifest]: [Buffer, Buffer]): Promise<void> {
  const blobs = join(folder, 'blobs', 'sha256')
  await mkdir(blobs, { recursive: true })
  const blobPath = (digest: string) => join(blobs, digest.replace('sha256:', ''))
  await Promise.all([
    ...layers.map((layer) => symlink(layer.path, blobPath(layer.digest))),
    ...[config, manifest].map((document) => writeFile(blobPath(digestOf(document)), document)),
    writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' })),
    writeFile(join(folder, 'index.json'), JSON.stringify(index(manifest))),
  ])
}

function index(manifest: Buffer) {
  const annotations = { 'org.opencontainers.image.ref.name': 'image' }
  return { schemaVersion: 2, manifests: [{ ...blobOf(manifest, manifestType), annotations }] }
}

function blobOf(document: Buffer, mediaType: string): Blob {
  return { mediaType, digest: digestOf(document), size: document.length }
}

function digestOf(document: Buffer): string {
  return `sha256:${createHash('sha256').update(document).digest('hex')}`
}
