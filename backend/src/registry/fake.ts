import type { Manifest, Registry } from './client.ts'
import { digestOf, manifestTypes } from './manifest-answer.ts'

/** A registry in memory, for tests of moments that a real one cannot be made to show. */
export interface FakeRegistry extends Registry {
  /** Manifests and blobs by `<repository>@<digest>`; tags by `<repository>:<tag>`. */
  manifests: Map<string, Manifest>
  blobs: Map<string, Buffer>
  tagged: Map<string, string>
  /** Calls so far, such as `head alice/app:1`. */
  calls: string[]
  /** Called before each call; what it throws is the answer. */
  before: (call: string) => void | Promise<void>
  /** Puts an image of one platform there, without a call; its layers are of this many bytes. */
  put(repository: string, tag: string | undefined, image?: FakeImage): string
  /** Puts an index of images that are there. */
  putIndex(repository: string, tag: string | undefined, children: { digest: string; platform?: object }[]): string
}

/** What is particular about an image. */
export interface FakeImage {
  configuration?: object
  layers?: { digest: string; size: number }[]
  configurationType?: string
}

/** Makes an empty one. */
export function fakeRegistry(): FakeRegistry {
  const [manifests, blobs, tagged] = [new Map<string, Manifest>(), new Map<string, Buffer>(), new Map<string, string>()]
  const store = (repository: string, tag: string | undefined, { mediaType, value }: { mediaType: string; value: object }) => {
    const content = Buffer.from(JSON.stringify(value))
    const digest = digestOf(content)
    manifests.set(`${repository}@${digest}`, { digest, mediaType, content })
    if (tag !== undefined) tagged.set(`${repository}:${tag}`, digest)
    return digest
  }
  const fake: FakeRegistry = {
    ...{ manifests, blobs, tagged, calls: [], before: () => undefined },
    put(
      repository,
      tag,
      { configuration = {}, layers = [], configurationType = 'application/vnd.oci.image.config.v1+json' } = {},
    ) {
      const content = Buffer.from(JSON.stringify(configuration))
      blobs.set(`${repository}@${digestOf(content)}`, content)
      const config = { mediaType: configurationType, digest: digestOf(content), size: content.length }
      const typed = layers.map((layer) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...layer }))
      return store(repository, tag, { mediaType: manifestTypes.image[0], value: { schemaVersion: 2, config, layers: typed } })
    },
    putIndex(repository, tag, children) {
      const named = children.map((child) => ({ mediaType: manifestTypes.image[0], size: 100, ...child }))
      return store(repository, tag, { mediaType: manifestTypes.index[0], value: { schemaVersion: 2, manifests: named } })
    },
    ...calls(() => fake),
  }
  return fake
}

function calls(fakeOf: () => FakeRegistry): Registry {
  const called = async (call: string) => {
    const fake = fakeOf()
    fake.calls.push(call)
    await fake.before(call)
    return fake
  }
  const find = ({ manifests, tagged }: FakeRegistry, repository: string, reference: string) =>
    manifests.get(`${repository}@${tagged.get(`${repository}:${reference}`) ?? reference}`)
  return {
    async repositories() {
      const { manifests } = await called('repositories')
      return [...new Set([...manifests.keys()].map((key) => key.split('@')[0] ?? ''))]
    },
    async tags(repository) {
      const { tagged } = await called(`tags ${repository}`)
      return [...tagged.keys()].filter((key) => key.startsWith(`${repository}:`)).map((key) => key.slice(repository.length + 1))
    },
    async head(repository, reference) {
      const found = find(await called(`head ${repository}:${reference}`), repository, reference)
      return found && { digest: found.digest, mediaType: found.mediaType, bytes: found.content.length }
    },
    manifest: async (repository, reference) => find(await called(`manifest ${repository}:${reference}`), repository, reference),
    async putManifest(repository, reference, { mediaType, content }) {
      const { manifests, tagged } = await called(`putManifest ${repository}:${reference}`)
      const digest = digestOf(content)
      manifests.set(`${repository}@${digest}`, { digest, mediaType, content })
      if (reference !== digest) tagged.set(`${repository}:${reference}`, digest)
    },
    async deleteManifest(repository, digest) {
      const { manifests, tagged } = await called(`deleteManifest ${repository}@${digest}`)
      for (const [tag, named] of tagged) if (named === digest && tag.startsWith(`${repository}:`)) tagged.delete(tag)
      return manifests.delete(`${repository}@${digest}`)
    },
    blob: async (repository, digest) => (await called(`blob ${repository}@${digest}`)).blobs.get(`${repository}@${digest}`),
    hasBlob: async (repository, digest) =>
      (await called(`hasBlob ${repository}@${digest}`)).blobs.get(`${repository}@${digest}`)?.length,
    async mountBlob(repository, digest, from) {
      const { blobs } = await called(`mountBlob ${repository}@${digest} ${from}`)
      const blob = blobs.get(`${from}@${digest}`)
      if (blob) blobs.set(`${repository}@${digest}`, blob)
      return blob !== undefined
    },
    async putBlob(repository, content, { digest }) {
      const { blobs } = await called(`putBlob ${repository}`)
      const chunks: Uint8Array[] = []
      for await (const chunk of content) chunks.push(chunk)
      blobs.set(`${repository}@${digest()}`, Buffer.concat(chunks))
    },
  }
}
