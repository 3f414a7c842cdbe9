import { setTimeout as sleep } from 'node:timers/promises'
import type { Kubernetes } from './client.ts'
import type { KubeObject } from './objects.ts'
import type { Place, Resource } from './resources.ts'
import { createStore, type Held, type Store } from './store.ts'

/** What to keep in memory. */
export interface CacheOptions<T extends Held = KubeObject> {
  kubernetes: Kubernetes
  resource: Resource
  place?: Place
  /** Label selector. */
  selector?: string
  /** Keeps only what is needed of an object; undefined for one that is not needed. */
  trim?: (object: KubeObject) => T | undefined
  /** Where they are kept, where that is not simply all of them. */
  store?: Store<T>
  /** Tells of a watch that broke and is begun anew. */
  onError?: (error: unknown) => void
}

/** The objects of one resource, followed by a watch: reading costs no call. */
export interface Cache<T extends Held = KubeObject> extends Pick<Store<T>, 'get' | 'list' | 'onChange'> {
  /** Resolves when what was just written is in here, or after a moment all the same: whoever writes can then trust what they read. */
  caughtUp(written: Held): Promise<void>
  /** When the API server was last heard of, in ms since 1970. */
  heardAt(): number
  stop(): void
}

/** Lists once, then follows; resolves when the first list is in. Never gives up afterwards. */
export async function openCache<T extends Held = KubeObject>(options: CacheOptions<T>): Promise<Cache<T>> {
  // Without a trim of its own, a cache is one of whole objects.
  const { kubernetes, resource, place = {}, selector, trim = (object: KubeObject) => object as Held as T } = options
  const store = options.store ?? createStore<T>()
  const stopping = new AbortController()
  let heard = Date.now()

  async function relist(): Promise<string> {
    const kept: T[] = []
    let last = ''
    for await (const { items, resourceVersion } of kubernetes.pages(resource, place, selector)) {
      heard = Date.now()
      last = resourceVersion
      for (const item of items) kept.push(...trimmed(item))
    }
    store.become(kept)
    return last
  }
  async function follow(from: string): Promise<string> {
    let resourceVersion = from
    for await (const { type, object } of kubernetes.watch(resource, {
      resourceVersion,
      selector,
      place,
      signal: stopping.signal,
    })) {
      heard = Date.now()
      resourceVersion = object.metadata.resourceVersion ?? resourceVersion
      if (type === 'BOOKMARK') continue
      const [kept] = type === 'DELETED' ? [] : trimmed(object)
      if (kept) store.put(kept)
      else store.drop(object)
    }
    return resourceVersion
  }
  function trimmed(object: KubeObject): [T] | [] {
    const kept = trim(object)
    return kept ? [kept] : []
  }

  const first = await relist()
  void keepFollowing({ first, follow, relist, signal: stopping.signal, onError: options.onError })
  const { get, list, onChange } = store
  return { get, list, onChange, caughtUp: caughtUpWith(store), heardAt: () => heard, stop: () => stopping.abort() }
}

const catchUpMs = 2_000

function caughtUpWith<T extends Held>({ get, onChange }: Store<T>): Cache['caughtUp'] {
  return ({ metadata: { name, namespace, resourceVersion } }) => {
    const isIn = () => isAsNew(get(name, namespace)?.metadata.resourceVersion, resourceVersion)
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        end()
        resolve()
      }
      const end = onChange(() => isIn() && done())
      const timer = setTimeout(done, catchUpMs)
      if (isIn()) done()
    })
  }
}

/** "Clients may compare resource versions of one resource as integers" (KEP-5504; so it has always been with etcd). */
function isAsNew(held: string | undefined, written: string | undefined): boolean {
  return held !== undefined && written !== undefined && Number(held) >= Number(written)
}

interface Following {
  first: string
  follow: (from: string) => Promise<string>
  relist: () => Promise<string>
  signal: AbortSignal
  onError: ((error: unknown) => void) | undefined
}

const longestPauseMs = 30_000

async function keepFollowing({ first, follow, relist, signal, onError }: Following): Promise<void> {
  let from: string | undefined = first
  let failures = 0
  while (!signal.aborted) {
    try {
      from = await follow(from ?? (await relist()))
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      // Whatever broke it (410 Gone above all), only a list tells what was missed meanwhile.
      from = undefined
      onError?.(error)
      failures += 1
      const pauseMs = Math.min(longestPauseMs, 250 * 2 ** failures) * (0.5 + Math.random() / 2)
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
