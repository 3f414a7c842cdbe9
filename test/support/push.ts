import { createHash } from 'node:crypto'

/** What is particular about an image that is pushed. */
export interface Pushed {
  architecture?: string
  labels?: Record<string, string>
  /** What its one layer holds: no archive, but registries do not look. */
  layer?: string
}

const imageType = 'application/vnd.oci.image.manifest.v1+json'
const indexType = 'application/vnd.oci.image.index.v1+json'

/** Pushes as clients do, to a registry at this address. Gives the digest. */
export async function pushImage(
  url: string,
  name: string,
  { architecture = 'amd64', labels = {}, layer = 'a layer' }: Pushed = {},
) {
  const [repository = '', tag] = name.split(':')
  const content = Buffer.from(layer)
  const rootfs = { type: 'layers', diff_ids: [digestOf(content)] }
  const configuration = { architecture, os: 'linux', created: '2026-01-01T00:00:00Z', config: { Labels: labels }, rootfs }
  const config = await pushBlob(url, repository, Buffer.from(JSON.stringify(configuration)))
  const only = await pushBlob(url, repository, content)
  const manifest = {
    schemaVersion: 2,
    mediaType: imageType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...only }],
  }
  return putManifest(url, { repository, tag, type: imageType, manifest })
}

/** Pushes an image for several platforms, whose images are pushed with it. */
export async function pushIndex(url: string, name: string, platforms: Pushed[]) {
  const [repository = '', tag] = name.split(':')
  const pushed = await Promise.all(
    platforms.map(async (platform) => ({ platform, ...(await pushImage(url, repository, platform)) })),
  )
  const manifests = pushed.map(({ platform: { architecture = 'amd64' }, digest, size }) => ({
    ...{ mediaType: imageType, digest, size },
    platform: { os: 'linux', architecture },
  }))
  const index = await putManifest(url, {
    repository,
    tag,
    type: indexType,
    manifest: { schemaVersion: 2, mediaType: indexType, manifests },
  })
  return { ...index, children: pushed.map(({ digest }) => digest) }
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

async function pushBlob(url: string, repository: string, content: Buffer) {
  const begun = await sent(`${url}/v2/${repository}/blobs/uploads/`, { method: 'POST' })
  const place = new URL(begun.headers.get('location') ?? '', url)
  place.searchParams.set('digest', digestOf(content))
  await sent(place.href, {
    method: 'PUT',
    body: new Uint8Array(content),
    headers: { 'content-type': 'application/octet-stream' },
  })
  return { digest: digestOf(content), size: content.length }
}

interface Put {
  repository: string
  tag: string | undefined
  type: string
  manifest: object
}

async function putManifest(url: string, { repository, tag, type, manifest }: Put) {
  const content = Buffer.from(JSON.stringify(manifest))
  const digest = digestOf(content)
  const reference = tag ?? digest
  await sent(`${url}/v2/${repository}/manifests/${reference}`, {
    method: 'PUT',
    body: new Uint8Array(content),
    headers: { 'content-type': type },
  })
  return { digest, size: content.length }
}

async function sent(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`${init.method} ${url}: ${answer.status} ${await answer.text()}`)
  return answer
}
