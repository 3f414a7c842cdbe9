import { namespaceOf } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import { resources } from '../kubernetes/resources.ts'
import { createMemory } from '../memory.ts'
import { authorizationOf, secretsName } from '../services/secrets.ts'
import type { HostOwner } from './hosts.ts'

/** What the gate hands over to a service as Authorization, where the service keeps its own authentication. */
export type CredentialsOf = (owner: HostOwner, uid: string) => Promise<string | undefined>

/** Field content of a header (RFC 9110 §5.5): the tenant may have written it. */
const headerValue = /^[\x21-\x7e][\x20-\x7e]{0,1000}$/

/**
 * Reads services' credentials, and remembers them for seconds: by uid, since a service that is launched anew under the same name
 * has others.
 */
export function createCredentials(kubernetes: Kubernetes, clock?: () => number): CredentialsOf {
  const remembered = createMemory<Promise<string | undefined>>({ lifetimeMs: 30_000, most: 10_000, clock })
  async function read({ service, user }: HostOwner, forget: () => void): Promise<string | undefined> {
    const secret = await kubernetes.get(resources.secrets, { namespace: namespaceOf(user), name: secretsName(service) })
    // The launch is still under way: the next request may find it.
    if (!secret) forget()
    const authorization = secret && authorizationOf(secret)
    return authorization !== undefined && headerValue.test(authorization) ? authorization : undefined
  }
  return (owner, uid) => {
    const key = `${owner.user}/${owner.service}/${uid}`
    const known = remembered.get(key)
    if (known !== undefined) return known
    const forget = () => remembered.delete(key)
    const value = read(owner, forget)
    remembered.set(key, value)
    value.catch(forget)
    return value
  }
}
