import { digestOf } from '../archive/images.ts'
import type { Registry } from '../client.ts'

/** A registry in memory, as strict as real ones. */
export interface MemoryRegistry extends Registry {
  /** What a repository's tags name. */
  named(repository: string): Record<string, string>
  /** Digests of the blobs that were sent, in order. */
  sent: string[]
  blobs: Map<string, Buffer>
  /** Called before each request; what it throws is what comes of it. */
  before: () => void
}

interface Shelf {
  blobs: Map<string, Buffer>
  manifests: Map<string, { mediaType: string; content: Buffer }>
  tags: Map<string, Map<string, string>>
  before: () => void
}

/** Makes an empty one. */
export function memoryRegistry(): MemoryRegistry {
  const shelf: Shelf = { blobs: new Map(), manifests: new Map(), tags: new Map(), before: () => registry.before() }
  const { blobs, tags, manifests } = shelf
  const registry: MemoryRegistry = {
    ...{ blobs, sent: [], before: () => undefined },
    ...reading(shelf),
    ...manifestWriting(shelf),
    named: (repository) => Object.fromEntries(tags.get(repository) ?? []),
    deleteManifest: async (repository, digest) => manifests.delete(`${repository}@${digest}`),
    async mountBlob(repository, digest, from) {
      registry.before()
      const blob = blobs.get(`${from}@${digest}`)
      if (blob) blobs.set(`${repository}@${digest}`, blob)
      return blob !== undefined
    },
    async putBlob(repository, content, { digest, signal }) {
      registry.before()
      const pieces: Buffer[] = []
      for await (const piece of content) {
        signal.throwIfAborted()
        pieces.push(Buffer.from(piece))
      }
      registry.before()
      const blob = Buffer.concat(pieces)
      if (digestOf(blob) !== digest()) throw new Error('The digest is another')
      blobs.set(`${repository}@${digest()}`, blob)
      registry.sent.push(digest())
    },
  }
  return registry
}

function reading({
  blobs,
  manifests,
  tags,
  before,
}: Shelf): Pick<Registry, 'repositories' | 'tags' | 'head' | 'manifest' | 'blob' | 'hasBlob'> {
  const found = (repository: string, reference: string) => {
    before()
    const digest = tags.get(repository)?.get(reference) ?? reference
    const manifest = manifests.get(`${repository}@${digest}`)
    return manifest && { ...manifest, digest, bytes: manifest.content.length }
  }
  const blobOf = (repository: string, digest: string) => {
    before()
    return blobs.get(`${repository}@${digest}`)
  }
  return {
    repositories: async () => [...tags.keys()],
    async tags(repository) {
      before()
      return [...(tags.get(repository)?.keys() ?? [])]
    },
    head: async (repository, reference) => found(repository, reference),
    manifest: async (repository, reference) => found(repository, reference),
    blob: async (repository, digest) => blobOf(repository, digest),
    hasBlob: async (repository, digest) => blobOf(repository, digest)?.length,
  }
}

function manifestWriting({ blobs, manifests, tags, before }: Shelf): Pick<Registry, 'putManifest'> {
  return {
    async putManifest(repository, reference, { mediaType, content }) {
      before()
      const { config, layers = [], manifests: children = [] } = JSON.parse(content.toString()) as Parts
      for (const { digest } of [...(config ? [config] : []), ...layers])
        if (!blobs.has(`${repository}@${digest}`)) throw new Error(`There is no blob ${digest}`)
      for (const { digest } of children)
        if (!manifests.has(`${repository}@${digest}`)) throw new Error(`There is no manifest ${digest}`)
      const digest = digestOf(content)
      manifests.set(`${repository}@${digest}`, { mediaType, content })
      if (reference !== digest) tags.set(repository, new Map(tags.get(repository)).set(reference, digest))
    },
  }
}

interface Parts {
  config?: { digest: string }
  layers?: { digest: string }[]
  manifests?: { digest: string }[]
}
