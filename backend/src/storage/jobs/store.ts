import type { Cache } from '../../kubernetes/cache.ts'
import type { Kubernetes } from '../../kubernetes/client.ts'
import { resources } from '../../kubernetes/resources.ts'
import { type JobRecord, jobSecret, type Kept, nameOfJob, readJob } from './record.ts'

/** Where jobs are recorded: Secrets in the system namespace, which no tenant reads. */
export interface JobStore {
  /** All that this replica knows of, as they are in its cache. */
  all(): Kept[]
  /** One, as the API server has it. */
  get(id: string): Promise<Kept | undefined>
  create(record: JobRecord): Promise<Kept>
  /** Replaces just the version that was read. @throws KubeError 409 where another replica changed it, 404 where it is forgotten. */
  replace(kept: Kept): Promise<Kept>
  remove(id: string): Promise<void>
  onChange: Cache['onChange']
}

/** Opens the store. */
export function createJobStore({
  kubernetes,
  namespace,
  secrets,
}: {
  kubernetes: Kubernetes
  namespace: string
  secrets: Cache
}): JobStore {
  return {
    all: () => secrets.list(namespace).flatMap((secret) => readJob(secret) ?? []),
    get: async (id) => readJob(await kubernetes.get(resources.secrets, { namespace, name: nameOfJob(id) })),
    async create(record) {
      const created = await kubernetes.create(resources.secrets, jobSecret({ record, version: undefined }, namespace))
      await secrets.caughtUp(created)
      return { record, version: created.metadata.resourceVersion }
    },
    async replace(kept) {
      const replaced = await kubernetes.replace(resources.secrets, jobSecret(kept, namespace))
      return { record: kept.record, version: replaced.metadata.resourceVersion }
    },
    remove: (id) => kubernetes.remove(resources.secrets, { namespace, name: nameOfJob(id) }),
    onChange: secrets.onChange,
  }
}
