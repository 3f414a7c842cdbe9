import { createHash } from 'node:crypto'
import type { OpenFile } from '../../filesystem/read.ts'

/** An entry of a tar archive that a test makes. */
export interface Made {
  name: string
  content?: Buffer | string
  /** As it stands in the header: `0` a file, `1` a hard link, `2` a symbolic one, `x` pax records, … */
  type?: string
  target?: string
  /** Told instead of the content's. */
  size?: number | Buffer
}

/** The bytes of a tar archive. */
export function tarOf(entries: Made[]): Buffer {
  return Buffer.concat([...entries.flatMap(entryOf), Buffer.alloc(1024)])
}

function entryOf({ name, content = '', type = '0', target = '', size }: Made): Buffer[] {
  const bytes = Buffer.from(content)
  const header = Buffer.alloc(512)
  header.write(name, 0, 100)
  header.write('0000644\0'.padEnd(8), 100, 'latin1')
  const told = size ?? bytes.length
  if (Buffer.isBuffer(told)) told.copy(header, 124)
  else header.write(`${told.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  header.write(type, 156, 'latin1')
  header.write(target, 157, 100)
  header.write('ustar\x0000', 257, 'latin1')
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0`, 148, 'latin1')
  return [header, bytes, Buffer.alloc(-bytes.length & 511)]
}

/** Pax records as they stand before an entry. */
export function pax(records: Record<string, string>): Made {
  const lines = Object.entries(records).map(([keyword, value]) => {
    const rest = ` ${keyword}=${value}\n`
    const short = rest.length + String(rest.length).length
    return `${rest.length + String(short).length}${rest}`
  })
  return { name: 'pax', type: 'x', content: lines.join('') }
}

/** `sha256:…` */
export function sha256(content: Buffer | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** What an image of a test is made of. */
export interface MadeImage {
  names?: string[]
  /** What its layers hold, unpacked. */
  layers: Buffer[]
  /** How they lie in the archive; as they are unless told. */
  pack?: (layer: Buffer) => Buffer
  architecture?: string
}

/** The configuration of an image. */
export function configOf({ layers, architecture = 'amd64' }: MadeImage): Buffer {
  const diff_ids = layers.map(sha256)
  return Buffer.from(JSON.stringify({ os: 'linux', architecture, config: {}, rootfs: { type: 'layers', diff_ids } }))
}

/** What `docker save` writes of images. */
export function dockerEntries(images: MadeImage[]): Made[] {
  const saved = images.map((image) => {
    const config = configOf(image)
    const layers = image.layers.map((layer) => ({
      name: `${sha256(layer).slice(7)}.tar`,
      content: image.pack?.(layer) ?? layer,
    }))
    return { config: { name: `${sha256(config).slice(7)}.json`, content: config }, layers, names: image.names ?? null }
  })
  const manifest = saved.map(({ config, layers, names }) => ({
    Config: config.name,
    RepoTags: names,
    Layers: layers.map(({ name }) => name),
  }))
  const files = new Map(saved.flatMap(({ config, layers }) => [...layers, config]).map((file) => [file.name, file]))
  return [...files.values(), { name: 'manifest.json', content: JSON.stringify(manifest) }]
}

const oci = 'application/vnd.oci.image'

/** An OCI image layout: each image with all its platforms, named or not. */
export function ociEntries(images: { name?: string; platforms: MadeImage[] }[]): Made[] {
  const blobs = new Map<string, Buffer>()
  const keep = (mediaType: string, content: Buffer) => {
    blobs.set(sha256(content), content)
    return { mediaType, digest: sha256(content), size: content.length }
  }
  const manifests = images.map(({ name, platforms }) => {
    const each = platforms.map((image) => {
      const config = keep(`${oci}.config.v1+json`, configOf(image))
      const layers = image.layers.map((layer) => keep(`${oci}.layer.v1.tar`, image.pack?.(layer) ?? layer))
      const manifest = { schemaVersion: 2, mediaType: `${oci}.manifest.v1+json`, config, layers }
      const platform = { os: 'linux', architecture: image.architecture ?? 'amd64' }
      return { ...keep(`${oci}.manifest.v1+json`, Buffer.from(JSON.stringify(manifest))), platform }
    })
    const index = { schemaVersion: 2, mediaType: `${oci}.index.v1+json`, manifests: each }
    const one = each.length === 1 && each[0] ? each[0] : keep(`${oci}.index.v1+json`, Buffer.from(JSON.stringify(index)))
    return { ...one, ...(name !== undefined && { annotations: { 'org.opencontainers.image.ref.name': name } }) }
  })
  return [
    { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
    ...[...blobs].map(([digest, content]) => ({ name: `blobs/${digest.replace(':', '/')}`, content })),
    { name: 'index.json', content: JSON.stringify({ schemaVersion: 2, manifests }) },
  ]
}

/** An open file that holds these bytes. */
export function fileOf(content: Buffer): OpenFile {
  return {
    entry: { name: 'file', type: 'file', size: content.length, etag: '"1"', modifiedAt: '' } as unknown as OpenFile['entry'],
    readAt: async (room, position) => content.copy(room, 0, position, position + room.length),
    isAsOpened: async () => true,
    stream: () => {
      throw new Error('not as a stream')
    },
    close: async () => undefined,
  }
}
