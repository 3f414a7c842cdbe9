import { DomainName, labels, namespaceOf } from '@karvdash/common'
import * as z from 'zod'
import type { KubeObject } from '../kubernetes/objects.ts'

const path = z
  .string()
  .regex(/^(\/[^/\0]+)+$/, 'must be an absolute path without a trailing slash')
  .refine((given) => !given.split('/').some((part) => part === '..' || part === '.'), 'must not have . or .. in it')

/** What Kubernetes asks of a volume, with `{user}` wherever the user's name goes. */
const PersistentVolume = z.looseObject({
  capacity: z.strictObject({ storage: z.string() }).default({ storage: '1Gi' }),
  accessModes: z.array(z.string()).default(['ReadWriteMany']),
})

/** What a domain is on the cluster: a folder of every node, an export of an NFS server, or a volume for each user. */
export const Backing = z.union(
  [
    z.strictObject({ hostPath: path }),
    z.strictObject({ nfs: z.strictObject({ server: z.string().min(1), path }) }),
    z.strictObject({ persistentVolume: PersistentVolume }),
  ],
  'must be one of hostPath (an absolute path), nfs (a server and a path) and persistentVolume',
)
export type Backing = z.infer<typeof Backing>

/** What each domain is. */
export const Backings = z.strictObject({ local: Backing, remote: Backing, shared: Backing })
export type Backings = z.infer<typeof Backings>

/** The volume of a pod that is a domain, as its user sees it: from the user's own folder, where it is not everybody's. */
export function volumeSource(backing: Backing, domain: DomainName, user: string): Record<string, unknown> {
  const own = (root: string) => (domain === 'shared' ? root : `${root}/${user}`)
  if ('hostPath' in backing) return { hostPath: { path: own(backing.hostPath), type: 'Directory' } }
  if ('nfs' in backing) return { nfs: { server: backing.nfs.server, path: own(backing.nfs.path) } }
  return { persistentVolumeClaim: { claimName: claimName(domain) } }
}

/**
 * The volumes and claims of one user, for the domains that are volumes. Each is rooted at the user's own folder: by a claim on the common
 * root everybody's files could be read. A volume is kept for its claim alone, and outlives it.
 */
export function volumeObjects(user: string, backings: Backings, tags: Record<string, string>): KubeObject[] {
  const namespace = namespaceOf(user)
  return DomainName.options.flatMap((domain) => {
    const backing = backings[domain]
    if (!('persistentVolume' in backing)) return []
    const { capacity, accessModes, ...source } = named(backing.persistentVolume, user)
    const [name, claim] = [volumeName(domain, user), claimName(domain)]
    const common = { accessModes, storageClassName: '' }
    const kept = { persistentVolumeReclaimPolicy: 'Retain', claimRef: { namespace, name: claim } }
    return [
      object('PersistentVolume', { name, labels: tags }, { capacity, ...source, ...common, ...kept }),
      object(
        'PersistentVolumeClaim',
        { name: claim, namespace, labels: { ...tags, [labels.guarded]: 'true' } },
        { ...common, resources: { requests: capacity }, volumeName: name },
      ),
    ]
  })
}

/** The volumes of a user, by name. */
export function volumeNames(user: string, backings: Backings): string[] {
  return DomainName.options.filter((domain) => 'persistentVolume' in backings[domain]).map((domain) => volumeName(domain, user))
}

function object(kind: string, metadata: KubeObject['metadata'], spec: object): KubeObject {
  return { apiVersion: 'v1', kind, metadata, spec }
}

function volumeName(domain: DomainName, user: string): string {
  return `karvdash-${domain}-${user}`
}

function claimName(domain: DomainName): string {
  return `karvdash-${domain}`
}

/** A name is letters and digits: it needs no quoting, whatever text it is put into. */
function named<T>(value: T, user: string): T {
  if (typeof value === 'string') return value.replaceAll('{user}', user) as T
  if (Array.isArray(value)) return value.map((item: unknown) => named(item, user)) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, named(inner, user)])) as T
}
