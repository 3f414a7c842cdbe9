import type { Describe, Description, KnownLayer } from './describe.ts'

/** What is known of digests, so that each is asked for once. */
export interface Descriptions {
  /** From memory where it is known. */
  describe: Describe
  /** A layer that unpacks to this, and a repository that had it: whether it still has, the registry tells. */
  layer(diffId: string): (KnownLayer & { repository: string }) | undefined
}

interface Held {
  description: Description
  repository: string
  bytes: number
}

const mostBytes = 16 * 1024 * 1024

/**
 * Remembers descriptions by digest, those that were used last, up to so many bytes. That a repository has a digest is for the caller to know: what
 * is in memory is told for any.
 */
export function createDescriptions(describe: Describe, most = mostBytes): Descriptions {
  const held = new Map<string, Held>()
  const layers = new Map<string, KnownLayer & { repository: string }>()
  let bytes = 0
  const keep = (digest: string, entry: Held) => {
    held.set(digest, entry)
    bytes += entry.bytes
    for (const layer of entry.description.layers) layers.set(layer.diffId, { ...layer, repository: entry.repository })
  }
  const drop = (digest: string) => {
    const entry = held.get(digest)
    if (!entry) return
    held.delete(digest)
    bytes -= entry.bytes
    for (const { diffId, digest: blob } of entry.description.layers)
      if (layers.get(diffId)?.digest === blob) layers.delete(diffId)
  }
  return {
    layer: (diffId) => layers.get(diffId),
    async describe(repository, digest) {
      const before = held.get(digest)
      if (before) {
        held.delete(digest)
        held.set(digest, before)
        return before.description
      }
      const description = await describe(repository, digest)
      if (!description) return undefined
      drop(digest)
      keep(digest, { description, repository, bytes: JSON.stringify(description).length * 2 })
      for (const [oldest] of held) {
        if (bytes <= most) break
        drop(oldest)
      }
      return description
    },
  }
}
