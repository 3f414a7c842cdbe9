import {
  conflict,
  type GeneratedPassword,
  namespaceOf,
  notFound,
  type ObjectChange,
  Problem,
  type ServiceLaunch,
  type TemplateDescription,
} from '@karvdash/common'
import type { Config } from '../config.ts'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict } from '../kubernetes/errors.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { generatedOf } from '../templates/passwords.ts'
import { type Templates, usableTemplate } from '../templates/templates.ts'
import { objectChanges } from './changes-of-objects.ts'
import type { CheckEntries } from './entries.ts'
import { digestOf, type Plan, planLaunch } from './plan.ts'
import { isThere, readableRecord, type ServiceRecord } from './record.ts'
import { kindsOf, launchOf, manifestOf, pathAnnotations, recordedKinds, recordedLaunch } from './recorded.ts'
import { type KeptSecrets, keptOf, secretObjectsOf, secretsData, secretsName } from './secrets.ts'
import { patchRecord, patchSecret, previousOf } from './updating.ts'

export interface UpdatePorts {
  kubernetes: Kubernetes
  templates: Pick<Templates, 'find'>
  checkEntries: CheckEntries
  records: Pick<Cache, 'caughtUp'>
  config: Config
  clock?: () => number
}

/** A service as it is stored. */
export interface StoredService {
  stored: KubeObject
  record: ServiceRecord
}

/** Both manifests, the old and the new one, lie in one record; what etcd takes in one write is 1.5 MiB. */
const greatestUpdateBytes = 1_200_000

/** A service as it is stored. @throws Problem 404 where there is none, or it is about to go. */
export async function storedService(kubernetes: Kubernetes, user: string, name: string): Promise<StoredService> {
  const stored = await kubernetes.get(resources.serviceRecords, { namespace: namespaceOf(user), name })
  const record = stored && readableRecord(stored)
  if (!record || !isThere(record)) throw notFound('service', name)
  return { stored, record }
}

/** How a service was launched. */
export async function launchedWith(
  user: string,
  { stored }: StoredService,
  templates: Pick<Templates, 'find'>,
): Promise<ServiceLaunch> {
  const { template, digest, values } = launchOf(stored)
  const now = await usableTemplate(templates, user, template)
  return { template, values, isNewer: now !== undefined && digestOf(now) !== digest }
}

/**
 * Records an update of a service: other values, and its template as it is now. What was secret of it stays. Nothing is recorded where nothing would
 * change, or with `dryRun`.
 *
 * @throws Problem 400 with an error a field, 404 where its template is gone, 409 where something else of it is under way
 */
export async function recordUpdate(
  { kubernetes, templates, checkEntries, records, config, clock = Date.now }: UpdatePorts,
  user: string,
  { stored, record, values, dryRun }: StoredService & { values: Record<string, unknown>; dryRun: boolean },
): Promise<{ changes: ObjectChange[]; generated: GeneratedPassword[] }> {
  refuseBusy(record)
  const { namespace, name, revision } = record
  const secret = await kubernetes.get(resources.secrets, { namespace, name: secretsName(name) })
  const before = secret && readBefore(stored, secret, revision)
  if (!secret || !before) throw conflict('What was recorded of this service cannot be read. Delete it and launch it again.')
  const template = await templates.find(user, before.launch.template)
  const all = { ...before.launch.values, ...before.kept.passwords }
  const merged = { ...fitting(all, template.description), ...given(values, all) }
  const plan = planLaunch({ template, user, name, values: merged, config, kept: before.kept })
  await checkEntries(user, plan.entries)
  const changes = objectChanges(before.objects, plan.objects)
  if (!dryRun && changes.length > 0) await records.caughtUp(await write(kubernetes, { stored, record, plan, now: clock() }))
  // Of a variable that the template did not have before.
  return { changes, generated: generatedOf(template.description, merged, plan.kept.passwords) }
}

function refuseBusy({ phase, updatingSince }: ServiceRecord): void {
  if (phase === 'Recorded') throw conflict('Its launch is under way. Wait until it is there.')
  if (updatingSince !== undefined) throw conflict('An update of it is under way. Wait until it is ready, or was taken back.')
}

interface Before {
  launch: ReturnType<typeof launchOf>
  kept: KeptSecrets
  objects: KubeObject[]
}

function readBefore(stored: KubeObject, secret: KubeObject, revision: number): Before | undefined {
  try {
    return {
      launch: launchOf(stored),
      kept: keptOf(secret),
      objects: [...secretObjectsOf(secret, revision), ...manifestOf(stored)],
    }
  } catch {
    return undefined
  }
}

/** Values of variables that the template no longer has are left behind. */
function fitting(values: Record<string, unknown>, { variables }: TemplateDescription): Record<string, unknown> {
  const known = new Set(variables.map((variable) => variable.name))
  return Object.fromEntries(Object.entries(values).filter(([name]) => known.has(name)))
}

/** A password that is left empty stays as it is. */
function given(values: Record<string, unknown>, before: Record<string, unknown>): Record<string, unknown> {
  const isLeft = (name: string, value: unknown) => typeof before[name] === 'string' && (value === null || value === '')
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => !isLeft(name, value)))
}

async function write(
  kubernetes: Kubernetes,
  { stored, record, plan, now }: StoredService & { plan: Plan; now: number },
): Promise<KubeObject> {
  const next = record.revision + 1
  const launch = recordedLaunch(plan)
  const previous = previousOf(stored, record.revision, now)
  if (JSON.stringify([launch, previous]).length > greatestUpdateBytes)
    throw new Problem(422, 'Too large', {
      detail: 'This service is too large to be updated. Launch another with the new values.',
    })
  // Read only once the record says so: an update that ends between the two never was.
  await patchSecret(kubernetes, stored, secretsData({ ...plan, ...plan.kept }, next))
  const kinds = kindsOf([...recordedKinds(stored), ...plan.objects])
  // Of what does not run or never came to be there is nothing to go back to.
  const isReturnable = !record.isStopped && record.phase === 'Applied'
  const used = record.isStopped ? {} : { usedAt: new Date(now).toISOString(), idle: null }
  const spec = {
    ...launch,
    ...used,
    kinds: kinds.slice(-100),
    revision: next,
    takenBack: null,
    ...(isReturnable && { previous }),
  }
  return patchRecord(kubernetes, stored, { spec, annotations: pathAnnotations(plan.path) }).catch(changedMeanwhile)
}

/** What a write of a record that somebody else changed meanwhile is answered. */
export function changedMeanwhile(error: unknown): never {
  if (isConflict(error)) throw conflict('This service was changed at the same moment. Look at it, and try again.')
  throw error
}
