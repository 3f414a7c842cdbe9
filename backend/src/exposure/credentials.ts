import { namespaceOf } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import { resources } from '../kubernetes/resources.ts'
import { createMemory } from '../memory.ts'
import { readSecrets, secretsName } from '../services/record.ts'
import type { HostOwner } from './hosts.ts'

/** What the gate hands over to a service as Authorization, where the service keeps its own authentication. */
export type CredentialsOf = (owner: HostOwner) => Promise<string | undefined>

/** Field content of a header (RFC 9110 §5.5): the tenant may have written it. */
const headerValue = /^[\x21-\x7e][\x20-\x7e]{0,1000}$/

/** Reads services' credentials, and remembers them for seconds. */
export function createCredentials(kubernetes: Kubernetes, clock?: () => number): CredentialsOf {
  const remembered = createMemory<Promise<string | undefined>>({ lifetimeMs: 30_000, most: 10_000, clock })
  async function read({ service, user }: HostOwner): Promise<string | undefined> {
    const secret = await kubernetes.get(resources.secrets, { namespace: namespaceOf(user), name: secretsName(service) })
    const authorization = secret && readSecrets(secret).authorization
    return authorization !== undefined && headerValue.test(authorization) ? authorization : undefined
  }
  return (owner) => {
    const key = `${owner.user}/${owner.service}`
    const known = remembered.get(key)
    if (known !== undefined) return known
    const value = read(owner)
    remembered.set(key, value)
    value.catch(() => remembered.delete(key))
    return value
  }
}
