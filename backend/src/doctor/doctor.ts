import { namespaceOf, ownerOf } from '@karvdash/common'
import type { Config } from '../config.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { createDiscovery } from '../kubernetes/discovery.ts'
import { isGone, KubeError } from '../kubernetes/errors.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { type Resource, resources } from '../kubernetes/resources.ts'
import { readUser } from '../users/account.ts'
import { stands, userObjects } from '../users/objects.ts'
import { copyOf } from './copies.ts'

/** Something in users' namespaces that is not as it should be. */
export interface Finding {
  namespace: string
  kind: string
  name: string
  /** What is wrong with it, in a sentence. */
  message: string
}

export interface DoctorPorts {
  kubernetes: Kubernetes
  config: Pick<Config, 'namespace' | 'serviceName' | 'bounds' | 'backings'>
  /** PEM of the CA that signs the API's in-cluster certificate. */
  ca: string
}

/** Finds what today's policies would refuse, and what users' namespaces lack. Changes nothing. */
export async function examine(ports: DoctorPorts): Promise<Finding[]> {
  return [...(await findLacking(ports)), ...(await findRefused(ports.kubernetes))]
}

/** What active users' namespaces should hold and do not. */
async function findLacking({ kubernetes, config, ca }: DoctorPorts): Promise<Finding[]> {
  const discover = createDiscovery(kubernetes)
  const { items } = await kubernetes.list(resources.users)
  const findings: Finding[] = []
  for (const user of items.filter((user) => readUser(user).active)) {
    for (const intended of userObjects({ user, config, ca })) {
      const resource = await discover(intended.apiVersion, intended.kind)
      const stored = await kubernetes.get(resource, intended.metadata)
      if (stored && stands(intended, stored)) continue
      findings.push({
        ...nameOf(intended, namespaceOf(user.metadata.name)),
        message: stored ? 'It was changed.' : 'It is missing.',
      })
    }
  }
  return findings
}

const examined = [resources.pods, resources.services, resources.claims, resources.ingresses, resources.roleBindings]

/** What is there and could not be written today. */
async function findRefused(kubernetes: Kubernetes): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const resource of examined) {
    const { items } = await kubernetes.list(resource)
    for (const object of items) {
      const message = await refusalOf(kubernetes, resource, object)
      if (message !== undefined) findings.push({ ...nameOf({ ...object, kind: resource.kind }), message })
    }
  }
  return findings
}

/** The words of the policy that would refuse it to its user; undefined where none does. */
async function refusalOf(kubernetes: Kubernetes, resource: Resource, object: KubeObject): Promise<string | undefined> {
  const { namespace = '' } = object.metadata
  const { apiVersion, kind } = resource
  const copy = ownerOf(namespace) === undefined ? undefined : copyOf({ ...object, apiVersion, kind })
  if (!copy) return undefined
  try {
    await kubernetes.as({ namespace }).create(resource, copy, { dryRun: true })
    return undefined
  } catch (error) {
    // A full quota, or an account that has gone, is no policy's refusal.
    if (!(error instanceof KubeError) || error.status >= 500) throw error
    return isGone(error) ? undefined : / denied request: (.*)$/s.exec(error.message)?.[1]
  }
}

function nameOf({ kind, metadata }: KubeObject, namespace = metadata.namespace ?? ''): Omit<Finding, 'message'> {
  return { namespace, kind, name: metadata.name }
}
