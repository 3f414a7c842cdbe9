import { type TemplateFault, TemplateId, type TemplateStanding } from '@karvdash/common'
import * as z from 'zod'
import type { KubeObject } from '../kubernetes/objects.ts'
import { faultsOf } from './faults.ts'
import { parseTemplate, type Template } from './parse.ts'

/** A `Template` resource: a text, an administrator's word on a template, or both. */
export interface StoredTemplate extends TemplateStanding {
  id: string
  version: string
  /** Tells each stored state from every other. */
  key: string
  source: string | undefined
}

const Stored = z.object({
  metadata: z.looseObject({ name: TemplateId, uid: z.string(), resourceVersion: z.string() }),
  spec: z.looseObject({
    source: z.string().optional(),
    hidden: z.boolean().catch(false).default(false),
    pinned: z.boolean().catch(false).default(false),
  }),
})

/** Reads a `Template` resource, which its tenant may have written; undefined where its name is no template's. */
export function readStored(object: KubeObject): StoredTemplate | undefined {
  const read = Stored.safeParse(object)
  if (!read.success) return undefined
  const { metadata, spec } = read.data
  const { name: id, uid, resourceVersion: version } = metadata
  return { id, version, key: `${uid}/${version}`, source: spec.source, hidden: spec.hidden, pinned: spec.pinned }
}

/** A text that may be a template. */
export type Parsed = { template: Template; faults?: never } | { faults: TemplateFault[]; template?: never }

/** Reads a text; with an id, it has to describe that template. */
export function parsed(source: string, id?: string): Parsed {
  try {
    const template = parseTemplate(source)
    if (id === undefined || template.description.id === id) return { template }
    return {
      faults: [
        { message: `The id in the text is "${template.description.id}"; it must be "${id}", the name it is stored under.` },
      ],
    }
  } catch (error) {
    return { faults: faultsOf(error) }
  }
}
