import { gunzipSync, gzipSync } from 'node:zlib'
import { labels, Problem } from '@karvdash/common'
import * as z from 'zod'
import { jsonText } from '../json-text.ts'
import { anyObject, type KubeObject } from '../kubernetes/objects.ts'
import { isOpen } from './objects.ts'
import type { Plan } from './plan.ts'
import { pathAnnotation } from './record.ts'

const greatestManifestBytes = 700 * 1024
/** A template makes at most 100, and the platform adds its own. */
const mostObjects = 200

/** A launch to be recorded; what belongs in a Secret is left out of the record. */
export type RecordDraft = Pick<Plan, 'name' | 'namespace' | 'template' | 'digest' | 'values' | 'path' | 'objects'> & {
  launchId?: string | undefined
}

/** The record of a launch. @throws Problem 422 where the objects are too many to be kept. */
export function recordObject(draft: RecordDraft): KubeObject {
  const { name, namespace, template, path, launchId } = draft
  return {
    apiVersion: 'karvdash.io/v1',
    kind: 'ServiceRecord',
    metadata: {
      name,
      namespace,
      labels: { [labels.managedBy]: 'karvdash', [labels.template]: template, [labels.guarded]: 'true' },
      annotations: pathAnnotations(path),
    },
    spec: { ...recordedLaunch(draft), kinds: kindsOf(draft.objects), ...(launchId !== undefined && { launchId }) },
  }
}

/** Of a record's metadata, where people land. */
export function pathAnnotations(path: string | undefined): Record<string, string> {
  return path === undefined ? {} : { [pathAnnotation]: path }
}

/** Of a record's spec, what an update changes. @throws Problem 422 where the objects are too many to be kept. */
export function recordedLaunch({
  template,
  digest,
  values,
  objects,
}: Pick<RecordDraft, 'template' | 'digest' | 'values' | 'objects'>) {
  const manifest = pack(objects.filter(isOpen))
  if (manifest.length > greatestManifestBytes)
    throw new Problem(422, 'Too large', { detail: 'The objects of this template are too large to be recorded.' })
  return { template: { id: template, digest }, values: JSON.stringify(values), manifest }
}

/** Of which kinds objects are, as a record notes it: `apps/v1 Deployment`. */
export function kindsOf(objects: Pick<KubeObject, 'apiVersion' | 'kind'>[]): string[] {
  return [...new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))]
}

const Kinds = z.looseObject({
  kinds: z
    .array(z.string().regex(/^\S+ \S+$/))
    .max(100)
    .default([]),
})

/** Of which kinds a service's objects are or were; none where that cannot be read. */
export function recordedKinds(record: KubeObject): { apiVersion: string; kind: string }[] {
  const read = Kinds.safeParse(record['spec'])
  return (read.success ? read.data.kinds : []).map((text) => {
    const [apiVersion = '', kind = ''] = text.split(' ')
    return { apiVersion, kind }
  })
}

/** The manifest a record holds. @throws where it cannot be read: the tenant may have written it. */
export function manifestOf(record: KubeObject): KubeObject[] {
  return unpack(z.looseObject({ manifest: z.string() }).parse(record['spec']).manifest)
}

const Launched = z.looseObject({
  template: z.looseObject({ id: z.string(), digest: z.string().default('') }),
  values: jsonText.pipe(z.record(z.string(), z.unknown())),
})

/** With which values a service was launched, and of which text of its template. @throws where it cannot be read. */
export function launchOf(record: KubeObject): { template: string; digest: string; values: Record<string, unknown> } {
  const { template, values } = Launched.parse(record['spec'])
  return { template: template.id, digest: template.digest, values }
}

/** Objects as one text. */
export function pack(objects: KubeObject[]): string {
  return gzipSync(JSON.stringify(objects)).toString('base64')
}

/** The objects of such a text. @throws where it is none: the tenant may have written it. */
export function unpack(packed: string): KubeObject[] {
  const text = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: 16 * 1024 * 1024 }).toString()
  return z.array(anyObject).max(mostObjects).parse(JSON.parse(text)) as KubeObject[]
}
