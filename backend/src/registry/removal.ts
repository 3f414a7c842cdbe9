import { conflict, notFound } from '@karvdash/common'
import { atOnce } from './at-once.ts'
import type { Book } from './book.ts'
import type { Manifest, Registry } from './client.ts'
import type { Describe } from './describe.ts'
import { senseless } from './failures.ts'

export interface RemovalPorts {
  registry: Registry
  describe: Describe
  book: Pick<Book, 'forget'>
}

export interface Removed {
  repository: string
  tag: string
  /** What whoever deletes saw the tag name. */
  digest: string
}

const mostTags = 1000
const mostChildren = 200
const mostHeldBytes = 16 * 1024 * 1024
const mostAtOnce = 16

/**
 * Deletes an image with all its tags, and the images of an index's platforms that nothing else in the repository names.
 * @throws Problem 404 where there is no such tag, 409 where it names another image than was seen.
 */
export async function removeImage(ports: RemovalPorts, { repository, tag, digest }: Removed): Promise<void> {
  const { registry, describe, book } = ports
  const named = await registry.head(repository, tag)
  if (!named) throw notFound('image', `${repository}:${tag}`)
  if (named.digest !== digest)
    throw conflict(`${repository}:${tag} names another image by now. Look at it again before you delete it.`)
  const { children = [] } = (await describe(repository, digest).catch(senseless)) ?? {}
  await registry.deleteManifest(repository, digest)
  await book.forget(repository, digest)
  // The image is away. What stays of its platforms takes space and nothing else: no reason to say that it failed.
  await removeUnnamed(ports, repository, children).catch(() => undefined)
}

async function removeUnnamed(ports: RemovalPorts, repository: string, children: string[]): Promise<void> {
  if (children.length === 0 || children.length > mostChildren) return
  const named = await namedIn(ports, repository)
  if (!named) return
  const removed = await removeSome(
    ports.registry,
    repository,
    children.filter((child) => !named.has(child)),
  )
  // Somebody may have added an index that names one of them meanwhile: then it is put back, before anything collects its blobs.
  const namedNow = await namedIn(ports, repository)
  for (const manifest of removed)
    if (!namedNow || namedNow.has(manifest.digest)) await ports.registry.putManifest(repository, manifest.digest, manifest)
}

/** Everything that the repository's tags name, and what that names; undefined where that is too much to find out. */
async function namedIn({ registry, describe }: RemovalPorts, repository: string): Promise<Set<string> | undefined> {
  const tags = await registry.tags(repository)
  if (tags.length > mostTags) return undefined
  const heads = await atOnce(tags, mostAtOnce, (tag) => registry.head(repository, tag))
  const digests = [...new Set(heads.flatMap((head) => head?.digest ?? []))]
  const described = await atOnce(digests, mostAtOnce, (digest) => describe(repository, digest))
  return new Set([...digests, ...described.flatMap((description) => description?.children ?? [])])
}

async function removeSome(registry: Registry, repository: string, digests: string[]): Promise<Manifest[]> {
  const removed: Manifest[] = []
  let bytes = 0
  for (const digest of digests) {
    const manifest = await registry.manifest(repository, digest)
    bytes += manifest?.content.length ?? 0
    if (bytes > mostHeldBytes) break
    if (manifest && (await registry.deleteManifest(repository, digest))) removed.push(manifest)
  }
  return removed
}
