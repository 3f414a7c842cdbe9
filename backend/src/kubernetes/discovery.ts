import { Problem } from '@karvdash/common'
import * as z from 'zod'
import type { Kubernetes } from './client.ts'
import type { Resource } from './resources.ts'

const ResourceList = z.looseObject({
  resources: z.array(z.looseObject({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
})

/** Finds how the API server names any kind, such as one that a template uses. */
export type Discover = (apiVersion: string, kind: string) => Promise<Resource>

/** Remembers what the API server serves; a kind not known is asked for again, since it may have come since. */
export function createDiscovery(kubernetes: Kubernetes): Discover {
  const known = new Map<string, Resource>()
  return async (apiVersion, kind) => {
    const key = `${apiVersion} ${kind}`
    if (!known.has(key))
      for (const resource of await served(kubernetes, apiVersion)) known.set(`${apiVersion} ${resource.kind}`, resource)
    const resource = known.get(key)
    if (!resource) throw unknownKind(apiVersion, kind)
    return resource
  }
}

/** What is no kind of Kubernetes' own comes with something that an administrator installs. */
function unknownKind(apiVersion: string, kind: string): Problem {
  const [group = ''] = apiVersion.split('/')
  const isAddition = group.includes('.') && !group.endsWith('.k8s.io')
  const advice = isAddition ? ' What brings this kind is not installed; ask an administrator.' : ''
  return new Problem(422, 'Unknown kind', { detail: `This cluster does not know ${kind} of ${apiVersion}.${advice}` })
}

async function served(kubernetes: Kubernetes, apiVersion: string): Promise<Resource[]> {
  if (!/^([a-z0-9.-]+\/)?v[0-9a-z]+$/.test(apiVersion)) return []
  const found = await kubernetes.read(apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`)
  if (found === undefined) return []
  return ResourceList.parse(found)
    .resources.filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced }) => ({ apiVersion, kind, plural: name, namespaced }))
}
