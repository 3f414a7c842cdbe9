import { conflict, forbidden, type ImageName, imageRights, Problem } from '@karvdash/common'
import * as z from 'zod'
import { jsonText } from '../../json-text.ts'
import type { ArchivedImage } from '../archive/images.ts'
import type { Registry } from '../client.ts'
import { type Target, wordsOf } from './names.ts'
import type { AdditionRecord } from './record.ts'

/** Who wants to add, and how. */
export type Wanting = Pick<AdditionRecord, 'user' | 'role' | 'overwrite'>

type Reading = Pick<Registry, 'tags' | 'head' | 'manifest'>

/** @throws Problem 403 where the user may not add to one of the repositories. */
export async function insistOnRights(names: readonly ImageName[], { user, role }: Wanting, registry: Reading): Promise<void> {
  for (const repository of new Set(names.map((name) => name.repository))) {
    const mayEver = imageRights({ user, role }, repository, false).includes('push')
    const isThere = mayEver && (await registry.tags(repository)).length > 0
    if (imageRights({ user, role }, repository, isThere).includes('push')) continue
    throw forbidden(
      isThere
        ? `There is a repository ${repository} already, and what everybody shares only administrators change. Call the image ${user}/…, or by a name that does not exist yet.`
        : `You may add images as ${user}/…, or as library/… where that does not exist yet; ${repository} is neither.`,
    )
  }
}

/**
 * Whether all names stand for these very images already. `digestOf` tells what an image is in the registry, where that is known.
 * @throws Problem 409 where a name stands for another image, which may not be overwritten.
 */
export async function areThere(
  targets: readonly Target[],
  wanting: Wanting,
  { registry, digestOf }: { registry: Reading; digestOf: (image: ArchivedImage) => string | undefined },
): Promise<boolean> {
  let areAll = true
  for (const { image, names } of targets)
    for (const name of names) {
      const found = await registry.head(name.repository, name.tag)
      const isSame = found !== undefined && (found.digest === digestOf(image) || (await isOf(image, name, registry)))
      if (found && !isSame && !wanting.overwrite)
        throw conflict(`${wordsOf(name)} names another image already. Choose another tag, or say that it may be overwritten.`)
      areAll &&= found !== undefined && ((isSame && !wanting.overwrite) || found.digest === digestOf(image))
    }
  return areAll
}

const Manifest = jsonText.pipe(z.object({ config: z.object({ digest: z.string() }) }))

/** Whether a name stands for an image of just this configuration, which tells the contents of all its layers. */
async function isOf(
  { digest, configurations }: ArchivedImage,
  { repository, tag }: ImageName,
  registry: Reading,
): Promise<boolean> {
  // An image that has its manifest has a digest to go by.
  if (digest !== undefined) return false
  const found = await registry.manifest(repository, tag).catch((error: unknown) => {
    // What is larger than any image's manifest is another.
    if (!(error instanceof Problem && error.status === 502)) throw error
  })
  const manifest = Manifest.safeParse(found?.content.toString())
  return manifest.success && configurations.some((one) => one.digest === manifest.data.config.digest)
}
