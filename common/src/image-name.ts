import * as z from 'zod'

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const mostLetters = 200

/** The name of a repository (OCI distribution specification, "Pulling manifests"), without the registry: `alice/tools/app`. */
export const RepositoryName = z
  .string()
  .max(mostLetters, `A repository's name has at most ${mostLetters} letters.`)
  .regex(
    new RegExp(`^${component}(?:/${component})+$`),
    'A repository’s name is such as alice/app: lower-case letters and digits, between them single dots, underscores or hyphens, in parts with slashes between.',
  )

/** A tag (OCI distribution specification, "Pulling manifests"). */
export const TagName = z
  .string()
  .regex(
    /^\w[\w.-]{0,127}$/,
    'A tag has up to 128 letters, digits, dots, hyphens and underscores, and begins with a letter or digit.',
  )

/** A digest, by the only algorithm that registries have to know. */
export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'A digest is sha256: and 64 hexadecimal digits.')

/** A repository with a tag. */
export const ImageName = z.strictObject({ repository: RepositoryName, tag: TagName })
export type ImageName = z.infer<typeof ImageName>

/** Which tag of which repository. In the query: proxies rewrite `%2F` in the path of a URL. */
export const OneTag = ImageName

/** Reads a name as people write it: `alice/app:1`; where no tag is told it is `latest`. */
export function imageNameIn(text: string): { repository: string; tag: string } {
  const colon = text.indexOf(':', text.lastIndexOf('/') + 1)
  return colon < 0 ? { repository: text, tag: 'latest' } : { repository: text.slice(0, colon), tag: text.slice(colon + 1) }
}

/** A name as people write it. */
export const ImageNameText = z.string().trim().transform(imageNameIn).pipe(ImageName)
