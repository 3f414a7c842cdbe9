import type { Ask, Attack } from './attack.ts'

/** The namespace attacks come from, and are aimed at by default. */
export const home = 'karvdash-mallory'

/** Path of a collection or an object of a namespace: `at('apps/v1', 'deployments', 'hello')`. */
export function at(apiVersion: string, resource: string, name?: string, namespace = home): string {
  return [group(apiVersion), 'namespaces', namespace, resource, name].filter((part) => part !== undefined).join('/')
}

/** Path of what is the whole cluster's. */
export function clusterWide(apiVersion: string, resource: string, name?: string): string {
  return [group(apiVersion), resource, name].filter((part) => part !== undefined).join('/')
}

function group(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
}

/** An object with a name; the rest may bring more metadata. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  rest: { metadata?: object; [field: string]: unknown } = {},
) {
  return { apiVersion, kind, ...rest, metadata: { name, ...rest.metadata } }
}

export const create = (path: string, body: object): Ask => ({ verb: 'create', path, body })
export const update = (path: string, body: object): Ask => ({ verb: 'update', path, body })
export const patch = (path: string, body: object): Ask => ({ verb: 'patch', path, body })
/** Whoever else holds a field loses it. */
export const apply = (path: string, body: object): Ask => ({ verb: 'apply', path, body, query: { force: 'true' } })
export const remove = (path: string): Ask => ({ verb: 'delete', path })
export const removeAll = (path: string): Ask => ({ verb: 'deletecollection', path })

/** A function that makes attacks on one promise; each may have words of refusal and a twin of its own. */
export function attacksOn(promise: string, expects: Attack['expects'], twin?: Attack['twin']) {
  return (name: string, ask: Ask, own: Partial<Attack> = {}): Attack => ({
    promise,
    name,
    expects,
    ...(twin && { twin }),
    ...ask,
    ...own,
  })
}

/** What is a right. */
export function right(name: string, ask: Ask): NonNullable<Attack['twin']> {
  return { name, ...ask }
}
