import { DomainName, Problem } from '@karvdash/common'
import * as z from 'zod'
import { identityAnnotation } from '../services/objects.ts'
import { identityVolumeName } from '../users/objects.ts'

/** What a user's pods get. */
export interface Injection {
  /** The volume of each domain as this user sees it. */
  sources: Record<DomainName, Record<string, unknown>>
  /** Domains whose storage does not answer: in their place comes an empty folder that cannot be written to, so that the rest can start. */
  away: DomainName[]
  /** Groups that may read and write in the domains. */
  groups: number[]
  /** The API's address inside the cluster. */
  apiUrl: string
  /** Secret with the CA to trust it. */
  apiSecret: string
  /** Secret to pull images from the registry with; undefined where there is no registry. */
  pullSecret: string | undefined
}

const Container = z.looseObject({
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).nullish(),
  env: z.array(z.looseObject({ name: z.string() })).nullish(),
})
const PodSpec = z.looseObject({
  containers: z.array(Container).nullish(),
  initContainers: z.array(Container).nullish(),
  volumes: z.array(z.looseObject({ name: z.string() })).nullish(),
  imagePullSecrets: z.array(z.looseObject({ name: z.string().nullish() })).nullish(),
  securityContext: z.looseObject({ supplementalGroups: z.array(z.number()).nullish() }).nullish(),
})
const Pod = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).nullish() }).nullish(),
  spec: PodSpec,
})
const PodTemplateHolder = z.looseObject({ spec: z.looseObject({ template: Pod }) })

type PodSpec = z.infer<typeof PodSpec>
type Container = z.infer<typeof Container>
type Volume = { name: string; [source: string]: unknown }
type Mount = { name: string; mountPath: string; [option: string]: unknown }

const identityPath = '/var/run/secrets/karvdash'

/** Tells which domains a pod has to do without. */
export const awayAnnotation = 'karvdash.io/domains-away'

/** A pod with the domains of its user in it; doing it twice changes nothing. @throws Problem 422 where it is no pod, or takes a name of ours. */
export function injectPod(pod: object, injection: Injection): Record<string, unknown> {
  const read = Pod.safeParse(pod)
  if (!read.success) throw malformed('pod')
  const { metadata } = read.data
  const wantsIdentity = metadata?.annotations?.[identityAnnotation] === 'true'
  const { [awayAnnotation]: before = '', ...annotations } = metadata?.annotations ?? {}
  const spec = injectSpec(withoutStandIns(read.data.spec, before.split(' '), injection), injection, wantsIdentity)
  const { away } = injection
  if (away.length === 0 && before === '') return { ...read.data, spec }
  const told = away.length > 0 ? { [awayAnnotation]: away.join(' ') } : {}
  return { ...read.data, metadata: { ...metadata, annotations: { ...annotations, ...told } }, spec }
}

/** A workload whose pods have the domains of its user in them; which of them are away is asked again for each pod. */
export function injectWorkload(workload: object, injection: Omit<Injection, 'away'>): Record<string, unknown> {
  const read = PodTemplateHolder.safeParse(workload)
  if (!read.success) throw malformed('workload')
  const { spec } = read.data
  // What pods pull with is theirs alone: in a template it would make all pods of the workload anew.
  const forTemplate = { ...injection, away: [], pullSecret: undefined }
  return { ...read.data, spec: { ...spec, template: injectPod(spec.template, forTemplate) } }
}

function injectSpec(spec: PodSpec, injection: Injection, wantsIdentity: boolean): PodSpec {
  const volumes = [...domainVolumes(injection), ...(wantsIdentity ? [identityVolume(injection)] : [])]
  const mounts = [
    ...domainMounts(),
    ...(wantsIdentity ? [{ name: identityVolumeName, mountPath: identityPath, readOnly: true }] : []),
  ]
  const env = wantsIdentity ? [{ name: 'KARVDASH_URL', value: injection.apiUrl }] : []
  const container = (before: Container) => withEnv(withMounts(before, mounts, injection.away.map(volumeName)), env)
  const groups = new Set([...(spec.securityContext?.supplementalGroups ?? []), ...injection.groups])
  return {
    ...spec,
    volumes: withVolumes(spec.volumes ?? [], volumes).map((volume) => standIn(volume, injection)),
    securityContext: { ...spec.securityContext, supplementalGroups: [...groups] },
    ...(spec.containers && { containers: spec.containers.map(container) }),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(container) }),
    ...withPullSecret(spec, injection),
  }
}

function withPullSecret({ imagePullSecrets }: PodSpec, { pullSecret: name }: Injection): Pick<PodSpec, 'imagePullSecrets'> {
  const before = imagePullSecrets ?? []
  if (name === undefined || before.some((secret) => secret.name === name)) return {}
  return { imagePullSecrets: [...before, { name }] }
}

function volumeName(domain: DomainName): string {
  return `karvdash-${domain}`
}

function domainVolumes({ sources }: Injection): Volume[] {
  return DomainName.options.map((domain) => ({ name: volumeName(domain), ...sources[domain] }))
}

function domainMounts(): Mount[] {
  return DomainName.options.map((domain) => ({ name: volumeName(domain), mountPath: `/${domain}` }))
}

/** A pod that did without domains before, and is made again, is asked anew: it has them as others do. */
function withoutStandIns(spec: PodSpec, before: string[], injection: Injection): PodSpec {
  const real = domainVolumes(injection).filter(({ name }) => before.some((domain) => name === `karvdash-${domain}`))
  const restored = (volume: Volume) => ('emptyDir' in volume && real.find(({ name }) => name === volume.name)) || volume
  return spec.volumes ? { ...spec, volumes: spec.volumes.map(restored) } : spec
}

/** What a program writes into a folder that is not the domain would be lost: nobody can. */
function standIn(volume: Volume, { away }: Injection): Volume {
  return away.some((domain) => volumeName(domain) === volume.name) ? { name: volume.name, emptyDir: {} } : volume
}

function identityVolume({ apiSecret }: Injection): Volume {
  const sources = [
    { serviceAccountToken: { audience: 'karvdash', expirationSeconds: 3600, path: 'token' } },
    {
      secret: {
        name: apiSecret,
        items: [
          { key: 'ca.crt', path: 'ca.crt' },
          { key: 'url', path: 'url' },
        ],
      },
    },
  ]
  return { name: identityVolumeName, projected: { sources } }
}

/** Our volumes in the author's list. A volume of the author's under a name of ours would be mounted in its place: refused. */
function withVolumes(before: Volume[], added: Volume[]): Volume[] {
  const missing = added.filter((volume) => {
    const taken = before.find(({ name }) => name === volume.name)
    if (taken && !isSame(taken, volume)) {
      throw new Problem(422, 'Reserved name', {
        detail: `The volume name "${volume.name}" is the platform's. Give your volume another name.`,
      })
    }
    return !taken
  })
  return [...before, ...missing]
}

function isSame(stored: unknown, ours: unknown): boolean {
  if (ours === null || typeof ours !== 'object') return stored === ours
  if (stored === null || typeof stored !== 'object') return false
  return Object.entries(ours).every(([name, value]) => isSame((stored as Record<string, unknown>)[name], value))
}

/** Adds mounts, but never over one that the author made at the same path. */
function withMounts(container: Container, added: Mount[], readOnly: string[]): Container {
  const before = container.volumeMounts ?? []
  const paths = new Set(before.map(({ mountPath }) => mountPath.replace(/\/+$/, '')))
  const volumeMounts = [...before, ...added.filter(({ mountPath }) => !paths.has(mountPath))].map((mount) =>
    readOnly.includes(mount.name) ? { ...mount, readOnly: true } : mount,
  )
  return { ...container, volumeMounts }
}

function withEnv(container: Container, added: { name: string; value: string }[]): Container {
  if (added.length === 0) return container
  const before = container.env ?? []
  const names = new Set(before.map(({ name }) => name))
  return { ...container, env: [...before, ...added.filter(({ name }) => !names.has(name))] }
}

function malformed(what: string): Problem {
  return new Problem(422, 'Malformed object', { detail: `This ${what} is not well formed: its spec cannot be read.` })
}
