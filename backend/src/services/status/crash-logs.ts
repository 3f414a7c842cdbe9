import type { Kubernetes } from '../../kubernetes/client.ts'
import { pathTo, resources } from '../../kubernetes/resources.ts'
import { createMemory } from '../../memory.ts'
import { plainLines } from './plain.ts'
import type { Crashed } from './status.ts'

/** The last lines of containers that crashed. */
export interface CrashLogs {
  /** The lines, where they are known; otherwise they are read once, and whoever listens is told. */
  linesOf(namespace: string, crashed: Crashed): string[] | undefined
  /** The lines, once they are read. */
  read(namespace: string, crashed: Crashed): Promise<string[] | undefined>
  /** Calls back when lines of a namespace came; gives the function that ends it. */
  onChange(listener: (change: { namespace: string }) => void): () => void
}

const mostLines = 20
const mostBytes = 4 * 1024
/** Lines can be of any length: so much is read to find the last ones. */
const mostRead = 64 * 1024
const callTimeoutMs = 5_000
const hourMs = 3_600_000
/** A log that has no lines, or cannot be read, may have them later: its node was busy, or the container was started again just then. */
const emptyMs = 10_000

/** Reads them as the user, once for each time that a container ended, when somebody looks. */
export function createCrashLogs({ kubernetes, clock }: { kubernetes: Kubernetes; clock?: () => number }): CrashLogs {
  const known = createMemory<string[]>({ lifetimeMs: hourMs, most: 500, clock })
  const empty = createMemory<string[]>({ lifetimeMs: emptyMs, most: 500, clock })
  const underWay = new Map<string, Promise<string[]>>()
  const listeners = new Set<(change: { namespace: string }) => void>()

  const remembered = (key: string) => known.get(key) ?? empty.get(key)
  function read(namespace: string, crashed: Crashed): Promise<string[]> {
    const key = keyOf(namespace, crashed)
    const running = underWay.get(key)
    if (running !== undefined) return running
    const reading = lastLines(kubernetes.as({ namespace }), namespace, crashed)
      .catch((): string[] => [])
      .then((lines) => {
        const memory = lines.length > 0 ? known : empty
        memory.set(key, lines)
        for (const listener of listeners) listener({ namespace })
        return lines
      })
      .finally(() => underWay.delete(key))
    underWay.set(key, reading)
    return reading
  }
  return {
    linesOf(namespace, crashed) {
      const lines = remembered(keyOf(namespace, crashed))
      if (lines === undefined) void read(namespace, crashed)
      return lines
    },
    read: async (namespace, crashed) => remembered(keyOf(namespace, crashed)) ?? read(namespace, crashed),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Waiting to be started again does not count as started again. */
function keyOf(namespace: string, { uid, container, restarts }: Crashed): string {
  return `${namespace}/${uid}/${container}/${restarts}`
}

async function lastLines(user: Kubernetes, namespace: string, { pod, container, isPrevious }: Crashed): Promise<string[]> {
  const query = { container, tailLines: String(mostLines), limitBytes: String(mostRead), ...(isPrevious && { previous: 'true' }) }
  const path = pathTo(resources.pods, { namespace, name: pod, subresource: 'log' })
  const parts: Buffer[] = []
  for await (const part of await user.readStream(path, query, AbortSignal.timeout(callTimeoutMs))) parts.push(part)
  return tidied(Buffer.concat(parts))
}

/** The last lines of what a program printed, no more than can be shown. */
export function tidied(printed: Buffer): string[] {
  const end = plainLines(printed.subarray(-mostBytes).toString(), mostBytes)
  return end
    .trimEnd()
    .split('\n')
    .slice(-mostLines)
    .filter((line, n, all) => all.length > 1 || line !== '' || n > 0)
}
