import { setTimeout as sleep } from 'node:timers/promises'
import type { Kubernetes } from './client.ts'
import type { KubeObject } from './objects.ts'
import type { Place, Resource } from './resources.ts'
import { createStore, type Store } from './store.ts'

/** What to keep in memory. */
export interface CacheOptions {
  kubernetes: Kubernetes
  resource: Resource
  place?: Place
  /** Label selector. */
  selector?: string
  /** Keeps only what is needed of an object. */
  trim?: (object: KubeObject) => KubeObject
  /** Tells of a watch that broke and is begun anew. */
  onError?: (error: unknown) => void
}

/** The objects of one resource, followed by a watch: reading costs no call. */
export interface Cache extends Pick<Store, 'get' | 'list' | 'onChange'> {
  /** Resolves when what was just written is in here, or after a moment all the same: whoever writes can then trust what they read. */
  caughtUp(written: KubeObject): Promise<void>
  /** When the API server was last heard of, in ms since 1970. */
  heardAt(): number
  stop(): void
}

/** Lists once, then follows; resolves when the first list is in. Never gives up afterwards. */
export async function openCache(options: CacheOptions): Promise<Cache> {
  const { kubernetes, resource, place = {}, selector, trim = (object) => object } = options
  const store = createStore()
  const stopping = new AbortController()
  let heard = Date.now()

  async function relist(): Promise<string> {
    const { items, resourceVersion } = await kubernetes.list(resource, place, selector)
    heard = Date.now()
    store.become(items.map(trim))
    return resourceVersion
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
      if (type === 'DELETED') store.drop(object)
      else if (type !== 'BOOKMARK') store.put(trim(object))
    }
    return resourceVersion
  }

  const first = await relist()
  void keepFollowing({ first, follow, relist, signal: stopping.signal, onError: options.onError })
  const { get, list, onChange } = store
  return { get, list, onChange, caughtUp: caughtUpWith(store), heardAt: () => heard, stop: () => stopping.abort() }
}

const catchUpMs = 2_000

function caughtUpWith({ get, onChange }: Store): Cache['caughtUp'] {
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
