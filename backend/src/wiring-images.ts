import { type Book, createBook } from './registry/book.ts'
import type { Registry } from './registry/client.ts'
import { freeSpace } from './registry/collection.ts'
import { createDescribe } from './registry/describe.ts'
import { createDescriptions, type Descriptions } from './registry/descriptions.ts'
import { createImages, type Images } from './registry/images.ts'
import type { RegistryConfig } from './registry/settings.ts'
import type { Opened } from './wiring.ts'

/** What is known of images, and what can be done with them. */
export interface ImageParts {
  images: Images
  descriptions: Descriptions
  book: Book
  freeSpace: () => Promise<void>
}

/** Puts together what lists images and deletes them. */
export function wireImages(opened: Opened, registry: Registry, { host, kind }: RegistryConfig): ImageParts {
  const { kubernetes, caches, config, log } = opened
  const { namespace } = config
  const descriptions = createDescriptions(createDescribe(registry))
  const onError = (error: unknown, repository: string) => log.warn({ err: error, repository }, 'who added an image was not noted')
  const book = createBook({ kubernetes, namespace, secrets: caches.images, onError })
  const images = createImages({
    ...{ registry, descriptions, book, host },
    pods: () => caches.pods.list(),
    isService: (service, of) => caches.records.get(service, of) !== undefined,
  })
  return { images, descriptions, book, freeSpace: () => freeSpace({ kubernetes, namespace, kind }) }
}
