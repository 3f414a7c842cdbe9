import { Digest, Problem, TagName } from '@karvdash/common'

// OCI distribution specification, "Pulling manifests": the grammar of <name>, of any number of parts.
const repositoryName = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const mostLetters = 255

/** Whether this can be the name of a repository. */
export function isRepository(name: string): boolean {
  return name.length <= mostLetters && repositoryName.test(name)
}

/** The path of a manifest. @throws Problem 422 for what is no name, tag or digest, and would lead elsewhere. */
export function manifestPath(repository: string, reference: string): string {
  if (!TagName.safeParse(reference).success && !Digest.safeParse(reference).success) throw noName(reference)
  return `${below(repository)}/manifests/${reference}`
}

/** The path of a blob. @throws Problem as above. */
export function blobPath(repository: string, digest: string): string {
  if (!Digest.safeParse(digest).success) throw noName(digest)
  return `${below(repository)}/blobs/${digest}`
}

/** Where uploads begin. @throws Problem as above. */
export function uploadsPath(repository: string): string {
  return `${below(repository)}/blobs/uploads/`
}

/** Where the tags are. @throws Problem as above. */
export function tagsPath(repository: string): string {
  return `${below(repository)}/tags/list`
}

function below(repository: string): string {
  if (!isRepository(repository)) throw noName(repository)
  return `/v2/${repository}`
}

function noName(text: string): Problem {
  return new Problem(422, 'Not a name', { detail: `"${text.slice(0, 100)}" names nothing in a registry.` })
}
