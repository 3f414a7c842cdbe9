import { createHash } from 'node:crypto'
import { Digest, RepositoryName, TagName } from '@karvdash/common'
import * as z from 'zod'
import { jsonText } from '../json-text.ts'
import { holding, noted, noteSecret } from '../kubernetes/notes.ts'
import type { KubeObject } from '../kubernetes/objects.ts'

const mark = 'image'
/** Selects the Secrets of the book. */
export const bookSelector = holding(mark)

const mostTags = 200

const Noted = z.object({
  tag: TagName,
  digest: Digest,
  /** Whose credential it was. */
  by: z.string().max(100),
  /** ISO 8601. */
  at: z.string().max(40),
})
/** Who added a tag, and when. */
export type Noted = z.infer<typeof Noted>

const Leaf = z.object({ repository: RepositoryName, tags: z.array(Noted).max(mostTags) })
/** What is noted of a repository, the newest first. */
export type Leaf = z.infer<typeof Leaf>

/** The name of a repository's Secret: repositories have longer names than Secrets may. */
export function nameOfLeaf(repository: string): string {
  return `image.${createHash('sha256').update(repository).digest('hex').slice(0, 32)}`
}

/** The Secret that holds a leaf; with a version it replaces just that. */
export function leafSecret(leaf: Leaf, { namespace, version }: { namespace: string; version: string | undefined }): KubeObject {
  const place = { name: nameOfLeaf(leaf.repository), namespace, ...(version !== undefined && { resourceVersion: version }) }
  return noteSecret(mark, place, { image: JSON.stringify(leaf) })
}

/** What a Secret holds; undefined where that is no leaf. */
export function readLeaf(secret: KubeObject | undefined): Leaf | undefined {
  const read = jsonText.pipe(Leaf).safeParse(noted(secret, 'image')?.toString() ?? '')
  return read.success ? read.data : undefined
}

/** The leaf with this added: what was said of the tag before is over, and of many the oldest go. */
export function withTags(leaf: Leaf | undefined, repository: string, added: readonly Noted[]): Leaf {
  const names = new Set(added.map(({ tag }) => tag))
  const others = leaf?.tags.filter(({ tag }) => !names.has(tag)) ?? []
  return { repository, tags: [...added, ...others].slice(0, mostTags) }
}

/** The leaf without what names this digest. */
export function withoutDigest(leaf: Leaf, digest: string): Leaf {
  return { ...leaf, tags: leaf.tags.filter((noted) => noted.digest !== digest) }
}
