import { conflict, namespaceOf, notFound, Problem, type TemplateDescription, unavailable } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict, isGone, isOverQuota, isUncounted, KubeError } from '../kubernetes/errors.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { countedAnew } from '../users/recount.ts'
import { parseTemplate } from './parse.ts'
import { readStored } from './stored.ts'
import type { Templates, TemplatesPorts } from './templates.ts'

/** Where a template is kept: with its user, who writes it, or with the platform, for everybody. */
export type Home = { user: string } | 'platform'

/** Keeps templates: in a user's namespace as that user. */
export function writeTemplates({
  kubernetes,
  namespace,
  builtIn,
}: TemplatesPorts): Pick<Templates, 'create' | 'change' | 'remove' | 'setStanding'> {
  const isBuiltIn = (id: string) => builtIn.find(id) !== undefined
  const at = (home: Home): { namespace: string; as: Kubernetes } => {
    if (home === 'platform') return { namespace, as: kubernetes }
    const own = namespaceOf(home.user)
    return { namespace: own, as: kubernetes.as({ namespace: own }) }
  }
  const stored = async (home: Home, id: string) => {
    const object = await kubernetes.get(resources.templates, { namespace: at(home).namespace, name: id })
    return object && readStored(object)?.source !== undefined ? object : undefined
  }
  return {
    async create(home, source) {
      const { description } = parseTemplate(source)
      const { id } = description
      if (isBuiltIn(id) || (home !== 'platform' && (await stored('platform', id)))) throw taken(id)
      const place = at(home)
      // A template for everybody may stand where a word on it stood before it was there.
      if (home === 'platform' && (await kubernetes.get(resources.templates, { namespace, name: id }))) {
        if (await stored(home, id)) throw taken(id)
        await kubernetes.patch(resources.templates, { namespace, name: id }, { spec: { source } })
        return description
      }
      const create = () => place.as.create(resources.templates, templateObject(place.namespace, id, { source }))
      await countedAnew(kubernetes, place.namespace, create).catch(explained(id))
      return description
    },
    async change(home, id, { source, version }) {
      const { description } = parseTemplate(source)
      if (description.id !== id) throw otherId(id, description)
      const place = at(home)
      const change = { metadata: { resourceVersion: version }, spec: { source } }
      if (!(await stored(home, id))) throw notFound('template', id)
      await place.as.patch(resources.templates, { namespace: place.namespace, name: id }, change).catch(explained(id))
      return description
    },
    async remove(home, id) {
      const object = await stored(home, id)
      if (!object) throw notFound('template', id)
      const place = at(home)
      await place.as.remove(resources.templates, { namespace: place.namespace, name: id }, { uid: object.metadata.uid })
    },
    async setStanding(id, standing) {
      if (!isBuiltIn(id) && !(await stored('platform', id))) throw notFound('template', id)
      const place = { namespace, name: id }
      await kubernetes.patch(resources.templates, place, { spec: standing }).catch(async (error: unknown) => {
        if (!isGone(error)) throw error
        await kubernetes.create(resources.templates, templateObject(namespace, id, standing))
      })
    },
  }
}

function templateObject(namespace: string, name: string, spec: object): KubeObject {
  return { apiVersion: 'karvdash.io/v1', kind: 'Template', metadata: { name, namespace }, spec }
}

function taken(id: string): Problem {
  return conflict(`There is a template "${id}" already. Give yours another id.`)
}

function otherId(id: string, description: TemplateDescription): Problem {
  return new Problem(400, 'Another template', {
    detail: `The id in the text is "${description.id}"; this is the template "${id}". Keep the id, or create another template.`,
  })
}

/** Why a template cannot be written. */
function explained(id: string): (error: unknown) => never {
  return (error) => {
    // A version that is not the newest is a conflict as well.
    if (isConflict(error) && error instanceof KubeError && error.reason === 'AlreadyExists') throw taken(id)
    if (isConflict(error))
      throw new Problem(412, 'Changed meanwhile', {
        detail: 'This template was changed since you opened it. Open it again, and take over what you changed.',
      })
    refuseForQuota(error)
    if (error instanceof KubeError && (error.status === 403 || error.status === 404)) throw unavailable('Your namespace', error)
    throw error
  }
}

/** Templates and saved launches are counted together; of a user who is but a moment old, perhaps not yet. @throws Problem 409 where that stands against one more */
export function refuseForQuota(error: unknown): void {
  if (isOverQuota(error)) throw conflict('You have as many templates and saved launches as you may have. Delete one first.')
  if (isUncounted(error)) throw conflict('The cluster is still counting what you have. Try again in a moment.')
}
