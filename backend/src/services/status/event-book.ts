import type { Change, Held, Store } from '../../kubernetes/store.ts'
import type { LiveEvent } from './event.ts'

/** How many are kept: whoever owns a namespace can write events without end. */
export interface BookBounds {
  perObject: number
  perNamespace: number
  inAll: number
}

const usual: BookBounds = { perObject: 12, perNamespace: 300, inAll: 30_000 }

/** Events in memory, the newest of each object alone; listed as they came, the latest last. Those that Kubernetes forgets are forgotten here. */
export function createEventBook(bounds: BookBounds = usual): Store<LiveEvent> {
  const { get, list, add, remove } = createPages(bounds)
  const listeners = new Set<(change: Change<LiveEvent>) => void>()
  function put(event: LiveEvent): void {
    add(event)
    const { name, namespace } = event.metadata
    for (const listener of listeners) listener({ name, namespace, object: event })
  }
  function drop({ metadata: { name, namespace = '' } }: Held): void {
    if (remove(name, namespace)) for (const listener of listeners) listener({ name, namespace, object: undefined })
  }
  function become(events: LiveEvent[]): void {
    const present = new Set(events.map(keyOf))
    for (const event of list()) if (!present.has(keyOf(event))) drop(event)
    const isNew = ({ metadata: { name, namespace, resourceVersion } }: LiveEvent) =>
      get(name, namespace)?.metadata.resourceVersion !== resourceVersion
    for (const event of events.filter(isNew).sort(byVersion)) put(event)
  }
  function onChange(listener: (change: Change<LiveEvent>) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return { get, list, put, drop, become, onChange }
}

/** The events of each namespace by name; who comes last, namespace or event, is the last to be forgotten. */
function createPages({ perObject, perNamespace, inAll }: BookBounds) {
  const pages = new Map<string, Map<string, LiveEvent>>()
  let size = 0
  const get = (name: string, namespace = '') => pages.get(namespace)?.get(name)
  const of = (some: Iterable<Map<string, LiveEvent>>) => [...some].flatMap((page) => [...page.values()])
  const list = (namespace?: string) =>
    namespace === undefined ? of(pages.values()) : [...(pages.get(namespace)?.values() ?? [])]

  function add(event: LiveEvent): void {
    const { name, namespace } = event.metadata
    remove(name, namespace)
    const page = pages.get(namespace) ?? new Map<string, LiveEvent>()
    pages.delete(namespace)
    pages.set(namespace, page.set(name, event))
    size += 1
    const spare = spareOf(page, event) ?? (size > inAll ? pages.values().next().value?.values().next().value : undefined)
    if (spare) remove(spare.metadata.name, spare.metadata.namespace)
  }
  function spareOf(page: Map<string, LiveEvent>, { kind, object }: LiveEvent): LiveEvent | undefined {
    const ofSame = [...page.values()].filter((one) => one.kind === kind && one.object === object)
    if (ofSame.length > perObject) return ofSame[0]
    return page.size > perNamespace ? page.values().next().value : undefined
  }
  function remove(name: string, namespace: string): boolean {
    const page = pages.get(namespace)
    if (!page?.delete(name)) return false
    if (page.size === 0) pages.delete(namespace)
    size -= 1
    return true
  }
  return { get, list, add, remove }
}

function keyOf({ metadata: { namespace, name } }: LiveEvent): string {
  return `${namespace}/${name}`
}

/** "Clients may compare resource versions of one resource as integers" (KEP-5504). */
function byVersion(a: LiveEvent, b: LiveEvent): number {
  return Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion)
}
