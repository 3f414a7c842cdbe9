import type { KubeObject } from './objects.ts'

/** What is kept of an object: whole, or as much of it as is needed. */
export interface Held {
  metadata: { name: string; namespace?: string | undefined; resourceVersion?: string | undefined }
}

/** An object came, changed or went. */
export interface Change<T extends Held = KubeObject> {
  name: string
  namespace: string | undefined
  /** The object as it is now; undefined where it went. */
  object: T | undefined
}

/** Objects of one resource in memory, by namespace and name. */
export interface Store<T extends Held = KubeObject> {
  get(name: string, namespace?: string): T | undefined
  list(namespace?: string): T[]
  put(object: T): void
  drop(object: Held): void
  /** Makes the store hold just these, telling what differs. */
  become(objects: T[]): void
  /** Calls back after each change; gives the function that ends it. */
  onChange(listener: (change: Change<T>) => void): () => void
}

/** Makes an empty store. */
export function createStore<T extends Held = KubeObject>(): Store<T> {
  const held = new Map<string, Map<string, T>>()
  const listeners = new Set<(change: Change<T>) => void>()
  const get = (name: string, namespace = '') => held.get(namespace)?.get(name)
  const all = () => [...held.values()].flatMap((group) => [...group.values()])

  function put(object: T): void {
    const { name, namespace } = object.metadata
    const group = held.get(namespace ?? '') ?? new Map<string, T>()
    held.set(namespace ?? '', group.set(name, object))
    tell({ name, namespace, object })
  }
  function drop({ metadata: { name, namespace } }: Held): void {
    const group = held.get(namespace ?? '')
    if (!group?.delete(name)) return
    if (group.size === 0) held.delete(namespace ?? '')
    tell({ name, namespace, object: undefined })
  }
  function tell(change: Change<T>): void {
    for (const listener of listeners) listener(change)
  }
  function become(objects: T[]): void {
    const present = new Set(objects.map(key))
    for (const object of all()) if (!present.has(key(object))) drop(object)
    for (const object of objects) if (!isSameVersion(get(object.metadata.name, object.metadata.namespace), object)) put(object)
  }
  const list = (namespace?: string) => (namespace === undefined ? all() : [...(held.get(namespace)?.values() ?? [])])
  function onChange(listener: (change: Change<T>) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return { get, list, put, drop, become, onChange }
}

function isSameVersion(held: Held | undefined, object: Held): boolean {
  return held !== undefined && held.metadata.resourceVersion === object.metadata.resourceVersion
}

function key({ metadata: { namespace, name } }: Held): string {
  return `${namespace ?? ''}/${name}`
}
