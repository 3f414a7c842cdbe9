import { ImageName, type NewImage, Problem } from '@karvdash/common'
import type { ArchivedImage, ArchivedSet } from '../archive/images.ts'

/** An image, and what it will be called. */
export interface Target {
  image: ArchivedImage
  names: ImageName[]
}

/** A name as people read it. */
export function wordsOf({ repository, tag }: ImageName): string {
  return `${repository}:${tag}`
}

/**
 * What the images of an archive are to be called: as it was said, or each by its own names below the user's.
 * @throws Problem 400 where they have none, or none that is possible.
 */
export function targetsOf({ images }: ArchivedSet, as: NewImage['as'], user: string): Target[] {
  const [first] = images
  if (as && images.length > 1)
    throw noName(
      `The file holds ${images.length} images: they are added by the names they have in it, and none can be given to all.`,
    )
  if (as && first) return [{ image: first, names: [as] }]
  const targets = images.map((image) => ({ image, names: ownNames(image, user) }))
  const all = targets.flatMap(({ names }) => names.map(wordsOf))
  const twice = all.find((name, i) => all.indexOf(name) !== i)
  if (twice !== undefined) throw noName(`Two images of the file would both be called ${twice}. Export them one by one.`)
  return targets
}

function ownNames({ names }: ArchivedImage, user: string): ImageName[] {
  const own = new Map(names.map((name) => ownName(name, user)).map((name) => [wordsOf(name), name]))
  if (own.size === 0) throw noName('An image of the file has no name in it: say what to call it.')
  return [...own.values()]
}

/** `<user>/<its own name>`: without the registry that it was for, and its own tag. */
function ownName(reference: string, user: string): ImageName {
  const [, path = '', tag = 'latest'] = /^([^@]*?)(?::([^:/@]*))?(?:@.*)?$/.exec(reference) ?? []
  const parts = path.split('/')
  const isHost = parts.length > 1 && (/[.:]/.test(parts[0] ?? '') || parts[0] === 'localhost')
  const own = isHost ? parts.slice(1) : parts
  if (own.length > 1 && (own[0] === user || own[0] === 'library')) own.shift()
  const name = ImageName.safeParse({ repository: [user, ...own].join('/'), tag })
  // Some tools write down the tag alone.
  const isTagAlone = parts.length === 1 && !reference.includes(':')
  if (isTagAlone) throw noName(`The image has no name in the file but the tag "${reference.slice(0, 100)}": say what to call it.`)
  if (!name.success)
    throw noName(`"${reference.slice(0, 100)}", as the image is called in the file, is no name here: say what to call it.`)
  return name.data
}

function noName(detail: string): Problem {
  return new Problem(400, 'The image needs a name', { detail, errors: [{ pointer: '/as', detail }] })
}
