import { Problem, TemplateGroups } from '@karvdash/common'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict } from '../kubernetes/errors.ts'
import { noted, noteSecret } from '../kubernetes/notes.ts'
import { resources } from '../kubernetes/resources.ts'
import type { Listed } from './templates.ts'

/** How administrators arranged templates. */
export interface Groups {
  /** From the watch cache: no call. */
  get(): TemplateGroups
  /** @throws Problem 412 where somebody else arranged them meanwhile. */
  set(groups: TemplateGroups): Promise<TemplateGroups>
}

export interface GroupsPorts {
  kubernetes: Kubernetes
  namespace: string
  /** Follows Secrets of the namespace, those with the mark of groups among them. */
  secrets: Cache
}

/** The value of the label `karvdash.io/holds` that marks the arrangement. */
export const groupsMark = 'template-groups'

const name = 'karvdash-template-groups'

/** Keeps the arrangement in a Secret of the platform's, which every replica follows. */
export function createGroups({ kubernetes, namespace, secrets }: GroupsPorts): Groups {
  function get(): TemplateGroups {
    const secret = secrets.get(name, namespace)
    const text = noted(secret, 'groups')?.toString()
    const version = secret?.metadata.resourceVersion
    const read = TemplateGroups.catch({ groups: [] }).parse({ groups: text === undefined ? [] : JSON.parse(text) })
    return { ...read, ...(version !== undefined && { version }) }
  }
  return {
    get,
    async set({ groups, version }) {
      const place = { name, namespace, ...(version !== undefined && { resourceVersion: version }) }
      const secret = noteSecret(groupsMark, place, { groups: JSON.stringify(groups) })
      const write = version === undefined ? kubernetes.create : kubernetes.replace
      await secrets.caughtUp(await write(resources.secrets, secret).catch(explained))
      return get()
    },
  }
}

function explained(error: unknown): never {
  if (!isConflict(error)) throw error
  throw new Problem(412, 'Changed meanwhile', { detail: 'Somebody else arranged the templates meanwhile. Look at them again.' })
}

/** The groups of what comes with Karvdash, in the order in which they are offered where nobody arranged them. */
const usual = ['Notebooks and editors', 'Parallel work', 'Messages', 'Data', 'Machine learning', 'Web']
const last = ['Other', 'Your own']

/**
 * Puts templates in order, each with the group under which it is offered: pinned ones first, then those that an administrator arranged, in that
 * order; whatever was not arranged stands at the end of the group that it names itself, by name.
 */
export function arranged(all: readonly Listed[], { groups }: Pick<TemplateGroups, 'groups'>): Listed[] {
  const places = groups.flatMap(({ label, templates }) => templates.map((id, place) => [id, { label, place }] as const))
  const placeOf = new Map(places)
  const ranks = [...groups.map(({ label }) => label), ...usual]
  const rankOf = (label: string) => {
    const at = ranks.indexOf(label)
    return at >= 0 ? at : ranks.length + last.indexOf(label) + 1
  }
  const keys = all.map((one) => {
    const { description, origin, pinned } = one
    const placed = origin === 'own' ? undefined : placeOf.get(description.id)
    const group = placed?.label ?? description.group ?? (origin === 'own' ? 'Your own' : 'Other')
    const place = placed?.place ?? Number.MAX_SAFE_INTEGER
    return { listed: { ...one, description: { ...description, group } }, pinned, group, place, name: description.name }
  })
  return keys
    .toSorted(
      (a, b) =>
        Number(b.pinned) - Number(a.pinned) ||
        rankOf(a.group) - rankOf(b.group) ||
        a.group.localeCompare(b.group, 'en') ||
        a.place - b.place ||
        a.name.localeCompare(b.name, 'en'),
    )
    .map(({ listed }) => listed)
}
