import { contract, type ImageRepository, type ImageTag, Problem } from '@karvdash/common'
import type { Connection } from '../connection/connection.ts'

/** The images of the registry, as far as somebody has looked. */
export interface ImageStore {
  /** Undefined where nobody has looked yet, or where there is no registry. */
  repositories(): ImageRepository[] | undefined
  /** None where the server is away or nobody is signed in: the view itself says so then. */
  tags(repository: string): Promise<ImageTag[]>
  /** Whether there is more than what is known. */
  hasMore(): boolean
  more(): Promise<void>
  onChange(listener: () => void): void
  /** Asks anew. */
  refresh(): Promise<void>
  /** Nobody is signed in. */
  clear(): void
}

const pageSize = 100

/** Nothing tells when images change: they are asked for when somebody looks. */
export function createImageStore(connection: Connection): ImageStore {
  const listeners = new Set<() => void>()
  let known: ImageRepository[] | undefined
  let next: string | undefined
  let asked = 0
  function set(repositories: ImageRepository[] | undefined, cursor: string | undefined): void {
    known = repositories
    next = cursor
    for (const listener of listeners) listener()
  }
  async function load(before: ImageRepository[], cursor: string | undefined): Promise<void> {
    const mine = ++asked
    const query = { limit: pageSize, ...(cursor !== undefined && { cursor }) }
    const found = await connection.with(({ client }) => client.call(contract.listRepositories, { query })).catch(unlessNone)
    if (mine === asked) set(found && [...before, ...found.items], found?.next)
  }
  return {
    repositories: () => known,
    hasMore: () => next !== undefined,
    more: () => load(known ?? [], next),
    async tags(repository) {
      try {
        return await tagsOf(connection, repository)
      } catch (failure) {
        if (connection.standing().state === 'connected') throw failure
        return []
      }
    },
    onChange: (listener) => void listeners.add(listener),
    refresh: () => load([], undefined),
    clear() {
      asked++
      set(undefined, undefined)
    },
  }
}

/** All tags; of a repository with very many the first thousand. */
async function tagsOf(connection: Connection, repository: string): Promise<ImageTag[]> {
  const query = { repository, limit: 500 }
  return connection.with(async ({ client }) => {
    const first = await client.call(contract.listImageTags, { query })
    if (first.next === undefined) return first.items
    const second = await client.call(contract.listImageTags, { query: { ...query, cursor: first.next } })
    return [...first.items, ...second.items]
  })
}

/** An administrator may have set up no registry. */
function unlessNone(failure: unknown): undefined {
  if (!(failure instanceof Problem && failure.status === 404)) throw failure
}
