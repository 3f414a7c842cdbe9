import type { KubeObject } from './objects.ts'

/** An object came, changed or went. */
export interface Change {
  name: string
  namespace: string | undefined
  /** The object as it is now; undefined where it went. */
  object: KubeObject | undefined
}

/** Objects of one resource in memory, by namespace and name. */
export interface Store {
  get(name: string, namespace?: string): KubeObject | undefined
  list(namespace?: string): KubeObject[]
  put(object: KubeObject): void
  drop(object: KubeObject): void
  /** Makes the store hold just these, telling what differs. */
  become(objects: KubeObject[]): void
  /** Calls back after each change; gives the function that ends it. */
  onChange(listener: (change: Change) => void): () => void
}

/** Makes an empty store. */
export function createStore(): Store {
  const held = new Map<string, Map<string, KubeObject>>()
  const listeners = new Set<(change: Change) => void>()
  const get = (name: string, namespace = '') => held.get(namespace)?.get(name)
  const all = () => [...held.values()].flatMap((group) => [...group.values()])

  function put(object: KubeObject): void {
    const { name, namespace } = object.metadata
    const group = held.get(namespace ?? '') ?? new Map<string, KubeObject>()
    held.set(namespace ?? '', group.set(name, object))
    tell({ name, namespace, object })
  }
  function drop({ metadata: { name, namespace } }: KubeObject): void {
    const group = held.get(namespace ?? '')
    if (!group?.delete(name)) return
    if (group.size === 0) held.delete(namespace ?? '')
    tell({ name, namespace, object: undefined })
  }
  function tell(change: Change): void {
    for (const listener of listeners) listener(change)
  }
  function become(objects: KubeObject[]): void {
    const present = new Set(objects.map(key))
    for (const object of all()) if (!present.has(key(object))) drop(object)
    for (const object of objects) if (!isSameVersion(get(object.metadata.name, object.metadata.namespace), object)) put(object)
  }
  const list = (namespace?: string) => (namespace === undefined ? all() : [...(held.get(namespace)?.values() ?? [])])
  function onChange(listener: (change: Change) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return { get, list, put, drop, become, onChange }
}

function isSameVersion(held: KubeObject | undefined, object: KubeObject): boolean {
  return held !== undefined && held.metadata.resourceVersion === object.metadata.resourceVersion
}

function key({ metadata: { namespace, name } }: KubeObject): string {
  return `${namespace ?? ''}/${name}`
}
