import { LaunchDraft as Draft, type LaunchDraft, LaunchName, namespaceOf, notFound, type SavedLaunch } from '@karvdash/common'
import * as z from 'zod'
import { jsonText } from '../json-text.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { countedAnew } from '../users/recount.ts'
import type { Templates } from './templates.ts'
import { refuseForQuota } from './writing.ts'

/** Launches that people saved, to make them again. */
export interface Launches {
  list(user: string): Promise<SavedLaunch[]>
  /** Keeps it, in the place of one of that name; passwords are left out. @throws Problem 404 where there is no such template */
  save(user: string, name: string, draft: LaunchDraft): Promise<SavedLaunch>
  /** @throws Problem 404 */
  remove(user: string, name: string): Promise<void>
}

/** A dot cannot be in the id of a template: both are kept side by side. */
const prefix = 'launch.'

const Stored = z.object({
  metadata: z.looseObject({ name: z.string().startsWith(prefix) }),
  spec: z.looseObject({
    launch: z.looseObject({
      template: z.string(),
      label: z.string(),
      values: jsonText,
    }),
  }),
})

/** Saved launches as `Template` resources of the user's namespace. */
export function createLaunches({
  kubernetes,
  templates,
}: {
  kubernetes: Kubernetes
  templates: Pick<Templates, 'find'>
}): Launches {
  const as = (user: string) => kubernetes.as({ namespace: namespaceOf(user) })
  return {
    async list(user) {
      const { items } = await kubernetes.list(resources.templates, { namespace: namespaceOf(user) })
      return items.flatMap((item) => readLaunch(item) ?? []).toSorted((one, other) => one.label.localeCompare(other.label, 'en'))
    },
    async save(user, name, { template, label, values }) {
      const { variables } = (await templates.find(user, template)).description
      const open = variables.filter(({ type }) => type !== 'password').map((variable) => variable.name)
      const kept = Object.fromEntries(Object.entries(values).filter(([variable]) => open.includes(variable)))
      const launch = { template, label, values: JSON.stringify(kept) }
      const object = launchObject(namespaceOf(user), name, launch)
      const save = () => as(user).apply(resources.templates, object)
      await countedAnew(kubernetes, namespaceOf(user), save).catch(explained)
      return { name, template, label, values: kept }
    },
    async remove(user, name) {
      const place = { namespace: namespaceOf(user), name: prefix + name }
      if (!(await kubernetes.get(resources.templates, place))) throw notFound('saved launch', name)
      await as(user).remove(resources.templates, place)
    },
  }
}

/** A saved launch, which its tenant may have written; undefined where it is none. */
function readLaunch(object: KubeObject): SavedLaunch | undefined {
  const read = Stored.safeParse(object)
  if (!read.success) return undefined
  const name = LaunchName.safeParse(read.data.metadata.name.slice(prefix.length))
  const draft = Draft.safeParse(read.data.spec.launch)
  return name.success && draft.success ? { name: name.data, ...draft.data } : undefined
}

function launchObject(namespace: string, name: string, launch: object): KubeObject {
  return { apiVersion: 'karvdash.io/v1', kind: 'Template', metadata: { name: prefix + name, namespace }, spec: { launch } }
}

function explained(error: unknown): never {
  refuseForQuota(error)
  throw error
}
