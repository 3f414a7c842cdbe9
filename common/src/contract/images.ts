import * as z from 'zod'
import { OneTag, RepositoryName } from '../image-name.ts'
import { ImageRepository, ImageTag, ImageUses } from '../images.ts'
import { done, operation, Page, pageOf } from './row.ts'

const search = z.string().max(200).optional()

/** Images of the registry. */
export const imagesOperations = {
  listRepositories: operation('GET', '/api/images', {
    scope: 'images',
    summary: 'The registry’s repositories, by name',
    query: Page.extend({ search }),
    reply: pageOf(ImageRepository).extend({
      /** Host (and port) of the registry, as it stands in references. */
      registry: z.string(),
      /** Whether these are all: some registries tell nobody, then these are those that were added here. */
      isWhole: z.boolean(),
    }),
  }),
  listImageTags: operation('GET', '/api/images/tags', {
    scope: 'images',
    summary: 'The tags of a repository, and what they name',
    query: Page.extend({ repository: RepositoryName, search }),
    reply: pageOf(ImageTag),
  }),
  getImageUses: operation('GET', '/api/images/uses', {
    scope: 'admin',
    audience: 'admin',
    summary: 'What deleting a tag takes along: other tags of the same image, and services that use it',
    query: OneTag,
    reply: ImageUses,
  }),
  deleteImage: operation('DELETE', '/api/images', {
    scope: 'admin',
    audience: 'admin',
    summary: 'Delete the image that a tag names, with all its tags',
    /** As it was told of the uses: where the tag names another image by now, nothing is deleted. */
    query: OneTag.extend({ digest: z.string().max(100) }),
    reply: done,
    status: 204,
  }),
  freeImageSpace: operation('POST', '/api/images/collection', {
    scope: 'admin',
    audience: 'admin',
    summary: 'Let the registry free what no image needs any more: it is away for that long',
    reply: done,
    status: 204,
  }),
}
