/** An image name taken apart: `docker.io/library/debian:bookworm-slim`. */
export interface Reference {
  registry: string
  repository: string
  tag: string
}

/**
 * Takes a full image name apart. Short names (`debian`) are refused: everything here says which registry it means.
 * @example parseReference('registry.k8s.io/pause:3.10') // {registry: 'registry.k8s.io', repository: 'pause', tag: '3.10'}
 */
export function parseReference(reference: string): Reference {
  const match = /^([^/]+[.:][^/]+)\/([a-z0-9._/-]+):([\w][\w.-]{0,127})$/.exec(reference)
  if (!match) throw new Error(`${reference} is not registry/repository:tag`)
  const [, registry = '', repository = '', tag = ''] = match
  return { registry, repository, tag }
}

/** The same image in a mirror: containerd asks a mirror for the repository without the registry's name. */
export function inMirror(mirror: string, reference: string): { manifestUrl: string; copyTarget: string } {
  const { repository, tag } = parseReference(reference)
  const { origin, host } = new URL(mirror)
  return { manifestUrl: `${origin}/v2/${repository}/manifests/${tag}`, copyTarget: `docker://${host}/${repository}:${tag}` }
}
