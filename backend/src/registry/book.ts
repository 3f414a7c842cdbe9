import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict, isGone } from '../kubernetes/errors.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { rememberedPer } from '../memory.ts'
import { type Leaf, leafSecret, type Noted, nameOfLeaf, readLeaf, withoutDigest, withTags } from './book-record.ts'

/** What was added, by whom. */
export interface Added {
  repository: string
  /** Whose credential it was. */
  by: string
  tags: { tag: string; digest: string }[]
}

/**
 * Who added which tags, for all replicas. It is a memo of what went through our hands: what the registry says goes first, and where this
 * cannot be written, an image is there all the same.
 */
export interface Book {
  /** Notes what was added; resolves when it can be read here. */
  note(added: Added): Promise<void>
  /** What is noted of a tag, as long as it names this digest. */
  of(repository: string, tag: string, digest: string): Noted | undefined
  /** All repositories that are noted. */
  repositories(): string[]
  /** Forgets what names a digest that is deleted. */
  forget(repository: string, digest: string): Promise<void>
  /** Tells the repository of which something was noted or forgotten, by whichever replica. */
  onChange(listener: (repository: string) => void): () => void
}

interface Store {
  kubernetes: Kubernetes
  /** The system namespace. */
  namespace: string
  /** Those that `bookSelector` selects. */
  secrets: Pick<Cache, 'get' | 'list' | 'onChange' | 'caughtUp'>
}

export interface BookPorts extends Store {
  /** Tells of what could not be noted. */
  onError: (error: unknown, repository: string) => void
  clock?: () => number
}

// A user who pushes thousands of repositories must not fill the cluster's store.
const mostOfOwner = 1000
const mostTries = 5

/** Opens the book. */
export function createBook({ kubernetes, namespace, secrets, onError, clock = Date.now }: BookPorts): Book {
  const leafOf = (repository: string) => rememberedLeaf(secrets.get(nameOfLeaf(repository), namespace))
  const leaves = () => secrets.list(namespace).flatMap((secret) => rememberedLeaf(secret) ?? [])
  const hasRoomFor = (repository: string) => {
    const beginning = `${repository.split('/')[0]}/`
    return (
      leafOf(repository) !== undefined || leaves().filter((leaf) => leaf.repository.startsWith(beginning)).length < mostOfOwner
    )
  }
  const change = (repository: string, next: Next) =>
    changeLeaf({ kubernetes, namespace, secrets }, repository, next).catch((error: unknown) => onError(error, repository))
  return {
    async note({ repository, by, tags }) {
      if (!hasRoomFor(repository)) return
      const at = new Date(clock()).toISOString()
      const added = tags.map((tag) => ({ ...tag, by, at }))
      await change(repository, (leaf) => withTags(leaf, repository, added))
    },
    of: (repository, tag, digest) => leafOf(repository)?.tags.find((noted) => noted.tag === tag && noted.digest === digest),
    repositories: () => leaves().map(({ repository }) => repository),
    forget: (repository, digest) => change(repository, (leaf) => leaf && withoutDigest(leaf, digest)),
    onChange(listener) {
      // Of what went, a watch tells the name alone.
      const names = new Map(leaves().map(({ repository }) => [nameOfLeaf(repository), repository]))
      return secrets.onChange(({ name, object }) => {
        const repository = rememberedLeaf(object)?.repository ?? names.get(name)
        if (repository === undefined) return
        object ? names.set(name, repository) : names.delete(name)
        listener(repository)
      })
    },
  }
}

type Next = (leaf: Leaf | undefined) => Leaf | undefined

/** Changes what is noted of a repository, again where another replica came between. */
async function changeLeaf({ kubernetes, namespace, secrets }: Store, repository: string, next: Next): Promise<void> {
  const place = { namespace, name: nameOfLeaf(repository) }
  for (let tries = 1; ; tries++) {
    try {
      const stored = await kubernetes.get(resources.secrets, place)
      const leaf = next(readLeaf(stored))
      if (leaf?.tags.length === 0) return await kubernetes.remove(resources.secrets, place, { uid: stored?.metadata.uid })
      if (!leaf) return
      const secret = leafSecret(leaf, { namespace, version: stored?.metadata.resourceVersion })
      const written = await (stored
        ? kubernetes.replace(resources.secrets, secret)
        : kubernetes.create(resources.secrets, secret))
      return await secrets.caughtUp(written)
    } catch (error) {
      if (tries === mostTries || !(isConflict(error) || isGone(error))) throw error
    }
  }
}

const rememberedOf = rememberedPer<KubeObject, { leaf: Leaf | undefined }>((secret) => ({ leaf: readLeaf(secret) }))

function rememberedLeaf(secret: KubeObject | undefined): Leaf | undefined {
  return secret && rememberedOf(secret).leaf
}
