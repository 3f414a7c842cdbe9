import * as z from 'zod'
import type { KubeObject } from '../kubernetes/objects.ts'

const PodTemplate = z.looseObject({
  metadata: z.looseObject({}).default({}),
  spec: z.looseObject({ serviceAccountName: z.string().optional(), serviceAccount: z.string().optional() }),
})
const Workload = z.looseObject({ spec: z.looseObject({ template: PodTemplate }) })
const Cron = z.looseObject({ spec: z.looseObject({ jobTemplate: Workload }) })

/**
 * A pod as a workload would make it, and where in the workload it stands: what guards pods looks at pods alone. Undefined for what makes none.
 *
 * @param all what is made with it: a service account of the template's own is not there to be asked about
 */
export function podOf(object: KubeObject, all: readonly KubeObject[]): { object: KubeObject; path: string } | undefined {
  if (object.kind === 'Pod') return undefined
  const cron = Cron.safeParse(object)
  const workload = cron.success ? cron.data.spec.jobTemplate : Workload.safeParse(object).data
  if (!workload) return undefined
  const { metadata, spec } = workload.spec.template
  const { name, namespace } = object.metadata
  const isOwnAccount = all.some((one) => one.kind === 'ServiceAccount' && one.metadata.name === spec.serviceAccountName)
  const { serviceAccountName: _name, serviceAccount: _account, ...rest } = spec
  return {
    path: cron.success ? 'spec.jobTemplate.spec.template' : 'spec.template',
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata,
        name: `${name}-preview`.slice(-63).replace(/^[^a-z0-9]+/, ''),
        ...(namespace !== undefined && { namespace }),
      },
      spec: isOwnAccount ? rest : spec,
    },
  }
}
