import { type ImageName, type ImageTag, type ImageUses, notFound } from '@karvdash/common'
import { page } from '../page-of.ts'
import type { LivePod } from '../services/status/pod.ts'
import { atOnce } from './at-once.ts'
import type { Book } from './book.ts'
import type { Registry } from './client.ts'
import type { Description } from './describe.ts'
import type { Descriptions } from './descriptions.ts'
import { senseless } from './failures.ts'
import { type Removed, removeImage } from './removal.ts'
import { type Asked, contains, createRepositories, type Repositories } from './repositories.ts'
import { servicesUsing } from './uses.ts'

/** The images of the registry, as people see them. */
export interface Images extends Pick<Repositories, 'list'> {
  /** Tags, by name; none where there is no such repository. */
  tags(repository: string, asked: Asked): Promise<{ items: ImageTag[]; next?: string }>
  /** What deleting takes along. @throws Problem 404 where there is no such tag. */
  uses(name: ImageName): Promise<ImageUses>
  /** @throws Problem 404 and 409 as `removeImage`. */
  remove(removed: Removed): Promise<void>
}

export interface ImagesPorts {
  registry: Registry
  descriptions: Descriptions
  book: Book
  /** Host (and port) of the registry, as it stands in references. */
  host: string
  /** Pods of services. */
  pods: () => readonly LivePod[]
  isService: (service: string, namespace: string) => boolean
}

const mostAtOnce = 32
const nothing: Description = { platforms: [], storedBytes: 0, createdAt: undefined, labels: {}, layers: [], children: [] }

/** Opens them. */
export function createImages(ports: ImagesPorts): Images {
  const { registry, descriptions, book } = ports
  const repositories = createRepositories(ports)
  return {
    list: repositories.list,
    async tags(repository, { search = '', ...asked }) {
      const names = (await registry.tags(repository)).filter((tag) => contains(tag, search))
      const { items, ...rest } = page(
        names.map((tag) => ({ key: tag, item: tag })),
        asked,
      )
      const shown = await atOnce(items, mostAtOnce, (tag) => tagOf(ports, repository, tag))
      return { items: shown.flatMap((tag) => tag ?? []), ...rest }
    },
    uses: (name) => usesOf(ports, name),
    async remove(removed) {
      await removeImage({ registry, describe: descriptions.describe, book }, removed)
      repositories.forget(removed.repository)
    },
  }
}

async function tagOf(
  { registry, descriptions, book, host }: ImagesPorts,
  repository: string,
  tag: string,
): Promise<ImageTag | undefined> {
  const reference = `${host}/${repository}:${tag}`
  const head = await registry.head(repository, tag).catch(senseless)
  if (head === undefined) return undefined
  const described = head && (await descriptions.describe(repository, head.digest).catch(senseless))
  const { platforms, storedBytes, labels, createdAt } = described ?? nothing
  const digest = head?.digest ?? ''
  const added = book.of(repository, tag, digest)
  return {
    ...{ tag, digest, reference, platforms, storedBytes, labels },
    ...(createdAt !== undefined && { createdAt }),
    ...(added && { addedBy: added.by, addedAt: added.at }),
  }
}

async function usesOf(
  { registry, descriptions, host, pods, isService }: ImagesPorts,
  { repository, tag }: ImageName,
): Promise<ImageUses> {
  const head = await registry.head(repository, tag)
  if (!head) throw notFound('image', `${repository}:${tag}`)
  const { digest } = head
  const all = await atOnce(await registry.tags(repository), mostAtOnce, async (name) => ({
    name,
    head: await registry.head(repository, name),
  }))
  const same = all.filter((one) => one.head?.digest === digest).map(({ name }) => name)
  const description = await descriptions.describe(repository, digest).catch(senseless)
  const image = { host, repository, tags: new Set([tag, ...same]), digests: new Set([digest, ...(description?.children ?? [])]) }
  return { digest, tags: same.filter((name) => name !== tag), services: servicesUsing(image, pods(), isService) }
}
