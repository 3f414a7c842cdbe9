import { labels } from '@karvdash/common'
import * as z from 'zod'
import type { KubeObject, OwnerReference } from '../kubernetes/objects.ts'

/** What the platform writes on each object of a service. */
export interface Tags {
  service: string
  namespace: string
  template: string
  /** Its pods get a token that lets them call the platform as their user. */
  identity: boolean
}

/** Annotation on a pod that asks the webhook for an identity. */
export const identityAnnotation = 'karvdash.io/identity'

/** The objects as they are recorded: in the user's namespace, labelled as the service's, their pods too. */
export function taggedObjects(objects: KubeObject[], tags: Tags): KubeObject[] {
  return objects.map((object) =>
    withPodTags({ ...object, metadata: { ...withLabels(object.metadata, tags), namespace: tags.namespace } }, tags),
  )
}

/** An object as it is applied: owned by the record, so that it goes with it. */
export function ownedObject(object: KubeObject, owner: OwnerReference): KubeObject {
  return { ...object, metadata: { ...object.metadata, ownerReferences: [owner] } }
}

const restartAnnotation = 'karvdash.io/restarted-at'

/** An object whose pods know when they were to begin anew: pods that do not are replaced by whoever makes them. */
export function restartedObject(object: KubeObject, restartedAt: string | undefined): KubeObject {
  if (restartedAt === undefined) return object
  const annotate = <T extends Labelled>(metadata: T): T => ({
    ...metadata,
    annotations: { ...metadata.annotations, [restartAnnotation]: restartedAt },
  })
  return withPodMetadata(object, annotate)
}

/** When an object was last to begin anew. */
export function restartOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[restartAnnotation]
}

const runsPods = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
  'Pod',
])

/** Whether an object makes pods: such ones are applied last, when what they need is there. */
export function makesPods({ kind }: Pick<KubeObject, 'kind'>): boolean {
  return runsPods.has(kind)
}

/**
 * Whether an object runs programs, or decides how many run: what a service that is stopped does without. Of kinds that are not Kubernetes' own
 * nobody knows; their operators make pods of them as a rule.
 */
export function isWorkload(object: KubeObject): boolean {
  const [group = '', version] = object.apiVersion.split('/')
  const isForeign = version !== undefined && group.includes('.') && !group.endsWith('.k8s.io')
  return makesPods(object) || object.kind === 'HorizontalPodAutoscaler' || isForeign
}

/** Whether an object may be read by whoever reads the record. */
export function isOpen({ kind }: KubeObject): boolean {
  return kind !== 'Secret'
}

interface Labelled {
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

function withLabels<T extends Labelled>(metadata: T, { service, template }: Tags): T {
  const own = { [labels.managedBy]: 'karvdash', [labels.service]: service, [labels.template]: template }
  return { ...metadata, labels: { ...metadata.labels, ...own } }
}

const PodTemplate = z.looseObject({
  metadata: z
    .looseObject({
      labels: z.record(z.string(), z.string()).optional(),
      annotations: z.record(z.string(), z.string()).optional(),
    })
    .default({}),
})
const Workload = z.looseObject({ spec: z.looseObject({ template: PodTemplate }) })
const Cron = z.looseObject({ spec: z.looseObject({ jobTemplate: Workload }) })
const Claims = z.looseObject({ spec: z.looseObject({ volumeClaimTemplates: z.array(PodTemplate) }) })

function withPodTags(object: KubeObject, tags: Tags): KubeObject {
  const tagged = withPodMetadata(object, (metadata) => podMetadata(metadata, tags))
  const claims = Claims.safeParse(tagged)
  if (!claims.success) return tagged
  const volumeClaimTemplates = claims.data.spec.volumeClaimTemplates.map((claim) => ({
    ...claim,
    metadata: withLabels(claim.metadata as Labelled, tags),
  }))
  return { ...tagged, spec: { ...claims.data.spec, volumeClaimTemplates } }
}

type Change = <T extends Labelled>(metadata: T) => T

/** The object with the metadata of the pods that are made of it changed. */
function withPodMetadata(object: KubeObject, change: Change): KubeObject {
  if (object.kind === 'Pod') return { ...object, metadata: change(object.metadata) }
  const cron = Cron.safeParse(object)
  if (cron.success)
    return { ...object, spec: { ...cron.data.spec, jobTemplate: withTemplate(cron.data.spec.jobTemplate, change) } }
  return Workload.safeParse(object).success ? withTemplate(object, change) : object
}

function withTemplate<T extends object>(workload: T, change: Change): T {
  const { spec } = Workload.parse(workload)
  return { ...workload, spec: { ...spec, template: { ...spec.template, metadata: change(spec.template.metadata as Labelled) } } }
}

function podMetadata<T extends Labelled>(metadata: T, tags: Tags): T {
  const labelled = withLabels(metadata, tags)
  return tags.identity ? { ...labelled, annotations: { ...labelled.annotations, [identityAnnotation]: 'true' } } : labelled
}
