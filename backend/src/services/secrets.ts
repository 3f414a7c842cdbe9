import { labels } from '@karvdash/common'
import * as z from 'zod'
import { type KubeObject, ownerReference } from '../kubernetes/objects.ts'
import { isOpen } from './objects.ts'
import { pack, unpack } from './recorded.ts'

/** What was made or given for a service once and stays for as long as it lives, through updates too. */
export interface KeptSecrets {
  /** The platform's random value. */
  secret: string
  /** Values of the variables that are passwords, by name. */
  passwords: Record<string, string>
  /** By which people enter, where the gate is not asked. */
  password?: string | undefined
}

/** What is secret of a service. */
export interface ServiceSecrets extends KeptSecrets {
  /** What the gate hands over as Authorization, where the service keeps its own authentication. */
  authorization: string | undefined
  /** What is to be applied; what may stand in the record is left out. */
  objects: KubeObject[]
}

/** Name of the Secret beside a record; a dot cannot be in the name of a service. */
export function secretsName(service: string): string {
  return `${service}.karvdash`
}

/** The Secret beside a record; it goes with it. */
export function secretsObject(record: KubeObject, secrets: ServiceSecrets): KubeObject {
  const { name, namespace } = record.metadata
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secretsName(name),
      ...(namespace !== undefined && { namespace }),
      labels: { [labels.managedBy]: 'karvdash', [labels.service]: name, [labels.guarded]: 'true' },
      ownerReferences: [ownerReference(record)],
    },
    type: 'karvdash.io/service',
    data: secretsData(secrets, 1),
  }
}

/** What the Secret holds of a revision of a service; what it holds of others stays beside it. */
export function secretsData(secrets: ServiceSecrets, revision: number): Record<string, string> {
  const { authorization, password, secret, passwords, objects } = secrets
  return {
    [manifestKey(revision)]: base64(pack(objects.filter((object) => !isOpen(object)))),
    kept: base64(JSON.stringify({ secret, passwords })),
    ...(authorization !== undefined && { authorization: base64(authorization) }),
    ...(password !== undefined && { password: base64(password) }),
  }
}

/** Under which name the Secret holds the objects of a revision. */
export function manifestKey(revision: number): string {
  return `manifest-${revision}`
}

/** The objects of a revision in the Secret beside a record. @throws where they cannot be read: the tenant may have written it. */
export function secretObjectsOf(secret: KubeObject, revision: number): KubeObject[] {
  return unpack(z.string().parse(textOf(secret, manifestKey(revision))))
}

const Kept = z.object({ secret: z.string().max(100), passwords: z.record(z.string(), z.string()) })

/** What stays for as long as the service lives. @throws where it cannot be read. */
export function keptOf(secret: KubeObject): KeptSecrets {
  return { ...Kept.parse(JSON.parse(textOf(secret, 'kept') ?? '')), password: passwordOf(secret) }
}

/** What the gate hands over, as the Secret beside a record tells it. */
export function authorizationOf(secret: KubeObject): string | undefined {
  return textOf(secret, 'authorization')
}

/** The service's own password, as the Secret beside a record tells it. */
export function passwordOf(secret: KubeObject): string | undefined {
  return z.string().max(1000).optional().catch(undefined).parse(textOf(secret, 'password'))
}

function textOf(secret: KubeObject, key: string): string | undefined {
  const data = z.looseObject({ [key]: z.string().optional() }).safeParse(secret['data'])
  const encoded = data.success ? data.data[key] : undefined
  return typeof encoded === 'string' ? Buffer.from(encoded, 'base64').toString() : undefined
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
