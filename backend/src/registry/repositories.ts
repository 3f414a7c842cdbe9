import { type ImageRepository, Problem, RepositoryName } from '@karvdash/common'
import { atOnce } from './at-once.ts'
import type { Book } from './book.ts'
import type { Registry } from './client.ts'
import { remembered } from './remembered.ts'
import { type ImageCaller, rightsOf } from './rights.ts'

/** Which page of what is searched for. */
export interface Asked {
  limit: number
  cursor?: string | undefined
  search?: string | undefined
}

/** A page of repositories. */
export interface RepositoryPage {
  items: ImageRepository[]
  next?: string
  registry: string
  isWhole: boolean
}

/** The registry's repositories, as people see them. */
export interface Repositories {
  /** Those with a tag, by name. */
  list(caller: ImageCaller, asked: Asked): Promise<RepositoryPage>
  /** Something of it has changed. */
  forget(repository: string): void
}

export interface RepositoriesPorts {
  registry: Pick<Registry, 'repositories' | 'tags'>
  book: Pick<Book, 'repositories' | 'onChange'>
  /** Host (and port) of the registry, as it stands in references. */
  host: string
}

const mostAtOnce = 32
const freshMs = 5_000
// The catalogue of thousands of repositories takes seconds: it is told as it was while it is read again, and with it what was noted meanwhile.
const staleCatalogueMs = 600_000
const staleTagsMs = 60_000
const mostCounts = 20_000

/** Opens them. */
export function createRepositories({ registry, book, host }: RepositoriesPorts): Repositories {
  const catalogue = remembered({ read: () => registry.repositories(), freshMs, staleMs: staleCatalogueMs, most: 1 })
  const counts = remembered({ read: (name) => countOf(registry, name), freshMs, staleMs: staleTagsMs, most: mostCounts })
  book.onChange(counts.forget)
  return {
    forget: counts.forget,
    async list(caller, { search = '', ...asked }) {
      const told = await catalogue.get('')
      const names = new Set([...(told ?? []), ...book.repositories()].filter((name) => isNamed(name) && contains(name, search)))
      const { items, next } = await withTags([...names].sort(), asked, counts.get)
      const shown = items.map(({ name, tags }) => ({ name, tags, ...rightsIn(caller, name) }))
      return { items: shown, ...(next !== undefined && { next }), registry: host, isWhole: told !== undefined }
    },
  }
}

/** Whether a name holds what is searched for, in letters of either case. */
export function contains(name: string, search: string): boolean {
  return name.toLowerCase().includes(search.trim().toLowerCase())
}

/** Names of one part are such as the platform never makes: nobody's, and hidden. */
function isNamed(name: string): boolean {
  return RepositoryName.safeParse(name).success
}

interface Counted {
  name: string
  tags: number
}

/** A page of those that have a tag: registries keep the names of repositories whose last tag is gone. */
async function withTags(
  names: string[],
  { limit, cursor }: Asked,
  count: (name: string) => Promise<number>,
): Promise<{ items: Counted[]; next?: string }> {
  const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString()
  const rest = names.filter((name) => name > after)
  const items: Counted[] = []
  while (items.length < limit && rest.length > 0) {
    const counted = await countedOf(rest.splice(0, limit - items.length), count)
    items.push(...counted.filter(({ tags }) => tags > 0))
  }
  const last = items.at(-1)
  return { items, ...(rest.length > 0 && last && { next: Buffer.from(last.name).toString('base64url') }) }
}

/** One that the registry is too slow to tell of, or tells nonsense of, is left out: whoever made it so must not hide the others. */
async function countedOf(names: string[], count: (name: string) => Promise<number>): Promise<Counted[]> {
  let failure: unknown
  const counted = await atOnce(names, mostAtOnce, async (name) => {
    try {
      return { name, tags: await count(name) }
    } catch (error) {
      failure = error
      return undefined
    }
  })
  const known = counted.flatMap((one) => one ?? [])
  if (known.length === 0 && failure !== undefined) throw failure
  return known
}

/** Of a repository that the registry lists but does not show, there is nothing to show; nor of one whose tags are too many to be read. */
async function countOf(registry: Pick<Registry, 'tags'>, name: string): Promise<number> {
  const tags = await registry.tags(name).catch((error: unknown) => {
    if (error instanceof Problem && [403, 502].includes(error.status)) return []
    throw error
  })
  return tags.length
}

function rightsIn(caller: ImageCaller, name: string): Pick<ImageRepository, 'mayPush' | 'mayDelete'> {
  const rights = rightsOf(caller, name, true)
  return { mayPush: rights.includes('push'), mayDelete: rights.includes('delete') }
}
