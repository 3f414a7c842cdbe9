import type { LogsPart } from '@karvdash/common'
import type { Cache } from '../kubernetes/cache.ts'
import type { Held } from '../kubernetes/store.ts'
import { containerLog, followContainer, type LogItem, type LogPorts, noteOf, type Wanted } from './container-log.ts'
import type { Container } from './containers.ts'
import { createMerge } from './log-merge.ts'

/** As many containers as one stream tells of at once. */
export const mostContainers = 50
const mostItems = 256
/** Lines of several containers come in the order of their times where they come within so long of one another. */
const windowMs = 500

/** Which containers of a service, and how their logs are read. */
export interface Reading {
  ports: LogPorts
  /** The containers that are asked for, as they are now. */
  chosen: () => Container[]
}

/** The logs as they are, in the order of time. */
export function readAll({ ports, chosen }: Reading, wanted: Partial<LogsPart> & Wanted): AsyncGenerator<LogItem[]> {
  const merge = createMerge<LogItem>({ windowMs: Number.POSITIVE_INFINITY, most: mostItems })
  for (const one of chosen()) merge.add(containerLog(ports, one, wanted))
  merge.seal()
  return merge.batches()
}

export interface Following extends Reading {
  wanted: Wanted
  /** Tell when to look anew. */
  caches: Pick<Cache<Held>, 'onChange'>[]
  /** Whether the service is still the one it was. */
  isThere: () => boolean
}

/** The logs as they are and become, of containers that begin meanwhile too, until the service or whoever listens is gone. */
export async function* followAll({ ports, chosen, wanted, caches, isThere }: Following): AsyncGenerator<LogItem[]> {
  const merge = createMerge<LogItem>({ windowMs, most: mostItems })
  const seen = new Set<string>()
  let first = wanted
  function begin(one: Container): void {
    const isRunning = () => chosen().some(({ id, isRunning }) => id === one.id && isRunning)
    const isOneTooMany = merge.size() >= mostContainers
    merge.add(isOneTooMany ? only(noteOf('left-out', one)) : followContainer({ ...ports, isRunning }, one, first))
  }
  function look(): void {
    if (!isThere()) merge.end()
    const now = chosen()
    for (const id of seen) if (!now.some((one) => one.id === id)) seen.delete(id)
    for (const one of now) {
      if (one.id === undefined || seen.has(one.id)) continue
      seen.add(one.id)
      begin(one)
    }
    // What begins from now on is told from its beginning.
    first = {}
  }
  const heard = (change: { namespace: string | undefined }) => {
    if (change.namespace === ports.namespace) look()
  }
  const endings = caches.map((cache) => cache.onChange(heard))
  ports.signal.addEventListener('abort', merge.end, { once: true })
  try {
    look()
    yield* merge.batches()
  } finally {
    for (const end of endings) end()
  }
}

async function* only(item: LogItem): AsyncGenerator<LogItem[]> {
  yield [item]
}
