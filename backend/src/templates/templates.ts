import { setImmediate } from 'node:timers/promises'
import {
  type BrokenTemplate,
  namespaceOf,
  notFound,
  Problem,
  type TemplateChange,
  type TemplateDescription,
  type TemplateOrigin,
  type TemplateStanding,
  type TemplateText,
} from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import { resources } from '../kubernetes/resources.ts'
import { createMemory } from '../memory.ts'
import { arranged, type Groups } from './groups.ts'
import type { Library } from './library.ts'
import type { Template } from './parse.ts'
import { type Parsed, parsed, readStored, type StoredTemplate } from './stored.ts'
import { type Home, writeTemplates } from './writing.ts'

/** A template and what is said of it. */
export interface Listed extends TemplateStanding {
  description: TemplateDescription
  origin: TemplateOrigin
}

/** What may be launched: built-in templates, those of administrators for everybody, and people's own, in this order where ids are alike. */
export interface Templates {
  /** What a user may launch, in groups and in order, and which of it is broken. Hidden ones are left out. */
  list(user: string): Promise<{ listed: Listed[]; broken: BrokenTemplate[] }>
  /** What is there for everybody, hidden ones too. */
  listForAll(): Promise<{ listed: Listed[]; broken: BrokenTemplate[] }>
  /** @throws Problem 404 where there is none of that id, 409 with its faults where it is broken */
  find(user: string, id: string): Promise<Template>
  /** What a user is offered under an id, hidden or not. @throws as {@link find} */
  one(user: string, id: string): Promise<Listed>
  /** @throws Problem 404 */
  text(user: string, id: string): Promise<TemplateText>
  /** @throws Problem 400 with its faults, 409 where the id is taken */
  create(home: Home, source: string): Promise<TemplateDescription>
  /** @throws Problem 400, 404, 412 where it was changed meanwhile */
  change(home: Home, id: string, change: TemplateChange): Promise<TemplateDescription>
  /** @throws Problem 404 */
  remove(home: Home, id: string): Promise<void>
  /** @throws Problem 404 */
  setStanding(id: string, standing: TemplateStanding): Promise<void>
}

export interface TemplatesPorts {
  kubernetes: Kubernetes
  /** The platform's. */
  namespace: string
  builtIn: Library
  groups: Pick<Groups, 'get'>
}

/** What was read of texts is remembered, of so many at most. */
const mostRemembered = 200

interface Written {
  stored: StoredTemplate & { source: string }
  origin: TemplateOrigin
}

/** Templates as resources, read when they are asked for. */
export function createTemplates(ports: TemplatesPorts): Templates {
  const { namespace, builtIn, groups } = ports
  const { storedIn, written, read } = openShelf(ports)
  async function found(user: string, id: string): Promise<{ template: Template } & Omit<Listed, 'description'>> {
    const shipped = builtIn.find(id)
    if (shipped) return { template: shipped, origin: 'built-in', hidden: false, pinned: false }
    const { stored, origin } = await written(user, id)
    const { template, faults } = read(stored)
    if (template) return { template, origin, hidden: stored.hidden, pinned: stored.pinned && origin === 'platform' }
    const detail = `The template "${id}" cannot be used: ${faults.map(({ message }) => message).join(' ')}`
    throw new Problem(409, 'Not usable', { detail })
  }
  const inOrder = <T extends { listed: Listed[] }>(all: T): T => ({ ...all, listed: arranged(all.listed, groups.get()) })
  async function gatheredForAll() {
    const stored = await storedIn(namespace)
    const standings = new Map(stored.map((one) => [one.id, one]))
    const shipped = builtIn.list().map(({ description }): Listed => {
      const { hidden = false, pinned = false } = standings.get(description.id) ?? {}
      return { description, origin: 'built-in', hidden, pinned }
    })
    return gathered(shipped, stored, { origin: 'platform', read })
  }
  return {
    ...writeTemplates(ports),
    listForAll: async () => inOrder(await gatheredForAll()),
    async list(user) {
      const [all, own] = await Promise.all([gatheredForAll(), storedIn(namespaceOf(user))])
      const { listed, broken } = await gathered(all.listed, own, { origin: 'own', read })
      return inOrder({ listed: listed.filter(({ hidden, origin }) => !hidden || origin === 'own'), broken })
    },
    find: async (user, id) => (await found(user, id)).template,
    async one(user, id) {
      const { template, ...said } = await found(user, id)
      return { description: template.description, ...said }
    },
    async text(user, id) {
      const shipped = builtIn.find(id)
      if (shipped) return { source: shipped.source, origin: 'built-in' }
      const { stored, origin } = await written(user, id)
      return { source: stored.source, origin, version: stored.version }
    },
  }
}

/** A template, where it is there and sound: a service may outlive the one that it was launched from. */
export async function usableTemplate(
  templates: Pick<Templates, 'find'>,
  user: string,
  id: string,
): Promise<Template | undefined> {
  return templates.find(user, id).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error
    return undefined
  })
}

/** The resources, and what was read of their texts. */
function openShelf({ kubernetes, namespace }: TemplatesPorts) {
  const remembered = createMemory<Parsed>({ lifetimeMs: 3_600_000, most: mostRemembered })
  return {
    async storedIn(home: string): Promise<StoredTemplate[]> {
      const { items } = await kubernetes.list(resources.templates, { namespace: home })
      return items.flatMap((item) => readStored(item) ?? [])
    },
    /** The text that counts for a user, where it is not built in. @throws Problem 404 */
    async written(user: string, id: string): Promise<Written> {
      for (const origin of ['platform', 'own'] as const) {
        const home = origin === 'own' ? namespaceOf(user) : namespace
        const object = await kubernetes.get(resources.templates, { namespace: home, name: id })
        const stored = object && readStored(object)
        if (stored?.source !== undefined) return { stored: { ...stored, source: stored.source }, origin }
      }
      throw notFound('template', id)
    },
    read({ key, id, source = '' }: StoredTemplate): Parsed {
      const known = remembered.get(key) ?? parsed(source, id)
      remembered.set(key, known)
      return known
    },
  }
}

interface Gathering {
  origin: TemplateOrigin
  read: (stored: StoredTemplate) => Parsed
}

/** Adds what is stored to what is there; an id that is taken already counts as it was. */
async function gathered(before: Listed[], stored: StoredTemplate[], { origin, read }: Gathering) {
  const listed = [...before]
  const broken: BrokenTemplate[] = []
  const taken = new Set(before.map(({ description: { id } }) => id))
  for (const one of stored.filter(({ id, source }) => source !== undefined && !taken.has(id))) {
    const { template, faults } = read(one)
    if (template)
      listed.push({ description: template.description, origin, hidden: one.hidden, pinned: one.pinned && origin !== 'own' })
    else broken.push({ id: one.id, origin, faults })
    // A tenant may store many and large ones: others get their turn between them.
    await setImmediate()
  }
  return { listed, broken }
}
