import { contract } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'
import { callerOf } from '../http/state.ts'
import type { Images } from './images.ts'
import { there } from './none.ts'

export interface ImageRoutePorts {
  images: Images
  freeSpace: () => Promise<void>
}

/** The images of the registry; undefined where there is none. */
export function imageRoutes({ bind }: Binder, registry: ImageRoutePorts | undefined): void {
  bind(contract.listRepositories, ({ query }, ctx) => there(registry).images.list(callerOf(ctx), query))
  bind(contract.listImageTags, ({ query: { repository, ...asked } }) => there(registry).images.tags(repository, asked))
  bind(contract.getImageUses, ({ query }) => there(registry).images.uses(query))
  bind(contract.deleteImage, ({ query }) => there(registry).images.remove(query))
  bind(contract.freeImageSpace, () => there(registry).freeSpace())
}
