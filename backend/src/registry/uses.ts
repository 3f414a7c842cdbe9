import { ownerOf } from '@karvdash/common'
import { isOver, type LivePod } from '../services/status/pod.ts'

/** An image by all that names it in one repository. */
export interface NamedImage {
  /** Host (and port) of the registry. */
  host: string
  repository: string
  tags: ReadonlySet<string>
  /** Its own, and those of its platforms. */
  digests: ReadonlySet<string>
}

/** A service, and whose it is. */
export interface UsingService {
  user: string
  service: string
}

const most = 500

/** The services whose pods run an image, or wait for it; `isService` tells whether a pod's label names one that there is. */
export function servicesUsing(
  image: NamedImage,
  pods: readonly LivePod[],
  isService: (service: string, namespace: string) => boolean,
): UsingService[] {
  const found = new Map<string, UsingService>()
  for (const pod of pods) {
    const { service, namespace = '' } = pod.metadata
    const user = ownerOf(namespace)
    if (user === undefined || found.size === most || isOver(pod) || !isService(service, namespace)) continue
    if (pod.containers.some((container) => uses(container, image))) found.set(`${user} ${service}`, { user, service })
  }
  return [...found.values()]
}

/** Whether a container is of the image: by what it asks for, or by what its node runs where the tag named another image then. */
function uses(container: { image: string; imageId: string }, { host, repository, tags, digests }: NamedImage): boolean {
  const beginning = `${host}/${repository}`
  if (!container.image.startsWith(beginning)) return false
  const [, tag = 'latest', digest] = /^(?::([\w.-]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
    container.image.slice(beginning.length),
  ) ?? [undefined, '']
  if (tag === '') return false
  // A reference with both is pulled by its digest alone.
  const isAsked = digest === undefined ? tags.has(tag) : digests.has(digest)
  return isAsked || digests.has(/sha256:[0-9a-f]{64}$/.exec(container.imageId)?.[0] ?? '')
}
