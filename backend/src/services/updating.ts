import * as z from 'zod'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { Discover } from '../kubernetes/discovery.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import type { ServiceRecord } from './record.ts'
import { isRolledOut } from './rollout.ts'
import { manifestKey, secretsName } from './secrets.ts'
import type { Status } from './status/status.ts'

/** An update that is in trouble is given so long to get well by itself; one that only takes its time, so long. */
const troubleTakesMs = 60_000
const updateTakesMs = 600_000

interface Update {
  /** The API server as the user. */
  user: Kubernetes
  discover: Discover
  record: ServiceRecord
  objects: KubeObject[]
  status: Status
  /** Milliseconds since the epoch. */
  now: number
}

/** Whether an update that was applied is ready, or will not be, and why. */
export async function verdictOn(update: Update): Promise<'ready' | 'wait' | { reason: string }> {
  const { record, status, now } = update
  const ageMs = now - Date.parse(record.updatingSince ?? '')
  if (status.state === 'Running' && (await isRolledOut(update))) return 'ready'
  if (status.state === 'Failed' && !(ageMs < troubleTakesMs)) return { reason: status.reason }
  return ageMs < updateTakesMs ? 'wait' : { reason: 'It did not get ready in ten minutes.' }
}

const Previous = z.looseObject({
  revision: z.number().int().min(1),
  template: z.looseObject({ id: z.string(), digest: z.string().optional() }),
  values: z.string(),
  manifest: z.string(),
})
const Updated = z.looseObject({ revision: z.number().int().min(1), previous: Previous })

/** What an update records of how it was before. */
export function previousOf(record: KubeObject, revision: number, now: number): object {
  const { template, values, manifest } = z.looseObject(Previous.omit({ revision: true }).shape).parse(record['spec'])
  return { since: new Date(now).toISOString(), revision, template, values, manifest }
}

/** Forgets how it was before an update. */
export async function keepUpdate(kubernetes: Kubernetes, record: KubeObject): Promise<void> {
  const { previous } = Updated.parse(record['spec'])
  await patchRecord(kubernetes, record, { spec: { previous: null, takenBack: null } })
  await patchSecret(kubernetes, record, { [manifestKey(previous.revision)]: null })
}

/** Records that it is to be again as it was before an update, and why; it is a revision of its own. */
export async function takeBack(
  kubernetes: Kubernetes,
  { record, secret }: { record: KubeObject; secret: KubeObject },
  reason: string,
): Promise<void> {
  const { revision, previous } = Updated.parse(record['spec'])
  const { template, values, manifest } = previous
  const before = z.looseObject({ [manifestKey(previous.revision)]: z.string() }).parse(secret['data'])[
    manifestKey(previous.revision)
  ]
  await patchSecret(kubernetes, record, { [manifestKey(revision + 1)]: before })
  const spec = { template, values, manifest, revision: revision + 1, previous: null, takenBack: reason.slice(0, 500) }
  await patchRecord(kubernetes, record, { spec })
}

/** Changes a record that nobody else changed meanwhile. @throws KubeError 409 otherwise */
export async function patchRecord(
  kubernetes: Kubernetes,
  { metadata: { namespace, name, resourceVersion } }: KubeObject,
  { spec, annotations }: { spec: object; annotations?: object },
): Promise<KubeObject> {
  const metadata = { resourceVersion, ...(annotations && { annotations }) }
  return kubernetes.patch(resources.serviceRecords, { namespace, name }, { metadata, spec })
}

/** Changes what the Secret beside a record holds. */
export async function patchSecret(
  kubernetes: Kubernetes,
  { metadata: { namespace, name } }: KubeObject,
  data: object,
): Promise<void> {
  await kubernetes.patch(resources.secrets, { namespace, name: secretsName(name) }, { data })
}
