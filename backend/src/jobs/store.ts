import { labels } from '@karvdash/common'
import type * as z from 'zod'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { noted, noteSecret } from '../kubernetes/notes.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import type { AnyJob, Kept } from './record.ts'

/** Where jobs of one kind are recorded: Secrets in the system namespace, which no tenant reads. */
export interface JobStore<R extends AnyJob> {
  /** All that this replica knows of, as they are in its cache. */
  all(): Kept<R>[]
  /** One, as the API server has it. */
  get(id: string): Promise<Kept<R> | undefined>
  create(record: R): Promise<Kept<R>>
  /** Replaces just the version that was read. @throws KubeError 409 where another replica changed it, 404 where it is forgotten. */
  replace(kept: Kept<R>): Promise<Kept<R>>
  remove(id: string): Promise<void>
  onChange: Cache['onChange']
}

export interface JobStorePorts<R extends AnyJob> {
  kubernetes: Kubernetes
  namespace: string
  secrets: Cache
  /** What marks the Secrets of this kind, and begins their names. */
  mark: string
  schema: z.ZodType<R>
}

/** Opens the store. */
export function createJobStore<R extends AnyJob>({
  kubernetes,
  namespace,
  secrets,
  mark,
  schema,
}: JobStorePorts<R>): JobStore<R> {
  const nameOf = (id: string) => `${mark}.${id}`
  function read(secret: KubeObject | undefined): Kept<R> | undefined {
    const parsed = schema.safeParse(JSON.parse(noted(secret, mark)?.toString() || 'null'))
    return parsed.success ? { record: parsed.data, version: secret?.metadata.resourceVersion } : undefined
  }
  /** With a version in it, it replaces just that. */
  function secretOf({ record, version }: Kept<R>): KubeObject {
    const place = { name: nameOf(record.id), namespace, labels: { [labels.user]: record.user } }
    const versioned = { ...place, ...(version !== undefined && { resourceVersion: version }) }
    return noteSecret(mark, versioned, { [mark]: JSON.stringify(record) })
  }
  return {
    all: () => secrets.list(namespace).flatMap((secret) => read(secret) ?? []),
    get: async (id) => read(await kubernetes.get(resources.secrets, { namespace, name: nameOf(id) })),
    async create(record) {
      const created = await kubernetes.create(resources.secrets, secretOf({ record, version: undefined }))
      await secrets.caughtUp(created)
      return { record, version: created.metadata.resourceVersion }
    },
    async replace(kept) {
      const replaced = await kubernetes.replace(resources.secrets, secretOf(kept))
      return { record: kept.record, version: replaced.metadata.resourceVersion }
    },
    remove: (id) => kubernetes.remove(resources.secrets, { namespace, name: nameOf(id) }),
    onChange: secrets.onChange,
  }
}
