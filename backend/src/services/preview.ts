import { type DraftPreviewInput, type Preview, type PreviewInput, Problem, type TemplateFault } from '@karvdash/common'
import type { Config } from '../config.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { Discover } from '../kubernetes/discovery.ts'
import { isAway, KubeError } from '../kubernetes/errors.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { describedFor, platformOf } from '../templates/described.ts'
import { parseTemplate, sampleValues, type Template } from '../templates/parse.ts'
import type { Templates } from '../templates/templates.ts'
import { readQuota } from '../users/quotas.ts'
import { formatYaml } from '../yaml.ts'
import { asksOf, shownAsks } from './asks.ts'
import type { FindMisfit } from './fit.ts'
import { isOpen } from './objects.ts'
import { type Plan, planLaunch } from './plan.ts'
import { podOf } from './pod-of.ts'

export interface PreviewPorts {
  kubernetes: Kubernetes
  discover: Discover
  templates: Pick<Templates, 'find'>
  /** Refuses what names entries that are not there, and more. @throws Problem 400 */
  checkEntries: (user: string, entries: Plan['entries']) => Promise<void>
  /** What a quota would refuse of it, in words. */
  misfit: FindMisfit
  /** The names of a user's services. */
  namesOf: (user: string) => string[]
  config: Config
}

const longestMessage = 1000

/** What launches would create, and what the cluster would say to them. */
export interface Previews {
  /** @throws Problem 404 where there is no such template, 400 with the fields that are wrong */
  preview(user: string, template: string, input: PreviewInput): Promise<Preview>
  /** Of a text that is not kept. @throws Problem 400 with its faults, or with the fields that are wrong */
  previewDraft(user: string, input: DraftPreviewInput): Promise<Preview>
}

/** Makes what shows what a launch would create, and what the cluster would say to it. */
export function createPreview(ports: PreviewPorts): Previews {
  const { templates, checkEntries, misfit, namesOf, config } = ports
  async function shown(user: string, template: Template, { name, values, dryRun }: PreviewInput): Promise<Preview> {
    const { id } = template.description
    const plan = planLaunch({ template, user, name: name ?? freeName(id, namesOf(user)), values, config, isPreview: true })
    await checkEntries(user, plan.entries)
    const shortage = dryRun === 'server' ? await misfit(plan) : undefined
    const objects = plan.objects.map(masked)
    const quota = await readQuota(ports.kubernetes, plan.namespace)
    return {
      objects,
      yaml: objects.map((object) => formatYaml(object)).join('---\n'),
      asks: shownAsks(asksOf(plan.objects, config.bounds.limits), Object.fromEntries(quota)),
      faults: dryRun === 'server' ? [...(shortage ? [{ message: shortage.detail }] : []), ...(await refusals(ports, plan))] : [],
    }
  }
  return {
    preview: async (user, id, input) => shown(user, await templates.find(user, id), input),
    previewDraft(user, { source, ...input }) {
      const template = parseTemplate(source)
      const samples = sampleValues(describedFor(template.description, platformOf(user, config)).variables)
      return shown(user, template, { ...input, values: { ...samples, ...input.values } })
    },
  }
}

/** What is there already would be changed, not made: a name that nothing has. */
function freeName(id: string, taken: string[]): string {
  for (let n = 2, name = id; ; name = `${id}-${n++}`) if (!taken.includes(name)) return name
}

/** What the cluster refuses of the objects, and of the pods they would make, when the user applies them. */
async function refusals(
  { kubernetes, discover }: PreviewPorts,
  { namespace, name, objects, origins }: Plan,
): Promise<TemplateFault[]> {
  const user = kubernetes.as({ namespace, launch: name })
  const tried = objects.map(async (object, index) => {
    const origin = origins[index]
    const told = await asked(async () => {
      await user.apply(await discover(object.apiVersion, object.kind), object, { dryRun: true })
    })
    if (told.length > 0) return told.map((fault) => placed(fault, object, origin))
    const pod = podOf(object, objects)
    if (!pod) return []
    const resource = await discover('v1', 'Pod')
    const ofPod = await asked(async () => user.create(resource, pod.object, { dryRun: true }))
    return ofPod.map(({ path, ...fault }) =>
      placed({ ...fault, path: [pod.path, path].filter(Boolean).join('.') }, object, origin),
    )
  })
  return (await Promise.all(tried)).flat()
}

/** What the cluster says against something. */
async function asked(ask: () => Promise<unknown>): Promise<{ path?: string | undefined; message: string }[]> {
  try {
    await ask()
    return []
  } catch (error) {
    if (isAway(error)) throw error
    if (error instanceof Problem) return [{ path: 'kind', message: error.message }]
    if (!(error instanceof KubeError)) throw error
    const causes = error.causes.filter(({ field }) => field !== undefined)
    if (causes.length === 0) return [{ message: error.message.slice(0, longestMessage) }]
    return causes.map(({ field, message }) => ({ path: field, message: (message || error.message).slice(0, longestMessage) }))
  }
}

function placed(
  { path, message }: { path?: string | undefined; message: string },
  { kind, metadata: { name } }: KubeObject,
  origin: Plan['origins'][number] | undefined,
): TemplateFault {
  return { kind, name, ...(path !== undefined && path !== '' && { path }), ...origin?.(path), message }
}

/** A preview shows which Secrets there would be, not what is in them. */
function masked(object: KubeObject): KubeObject {
  if (isOpen(object)) return object
  const { data: _data, stringData: _stringData, ...rest } = object
  return rest as KubeObject
}
