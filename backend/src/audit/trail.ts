import type { AuditEntry } from '@karvdash/common'
import type { Logger } from 'pino'
import type { Kubernetes } from '../kubernetes/client.ts'
import { resources } from '../kubernetes/resources.ts'
import { auditSelector, chunkName, chunkSecret, readChunk } from './chunks.ts'

/** Who did what: every line goes to the log at once, and the newest are kept where each replica can show them. */
export interface Trail {
  record(entry: AuditEntry): void
  /** The newest first; those of one user alone where one is named. */
  newest(filter?: { user?: string | undefined }): Promise<AuditEntry[]>
  /** Keeps what is not kept yet. */
  flush(): Promise<void>
}

export interface TrailPorts {
  kubernetes: Kubernetes
  namespace: string
  /** Who this replica is. */
  replica: string
  log: Logger
  clock?: () => number
}

const flushMs = 2_000
const entriesPerChunk = 500
/** As many as all replicas together keep. */
const mostChunks = 20

/** Keeps the trail in Secrets that rotate: each replica fills one of its own, and the oldest of all go. */
export function createTrail({ kubernetes, namespace, replica, log, clock = Date.now }: TrailPorts): Trail {
  let waiting: AuditEntry[] = []
  let timer: NodeJS.Timeout | undefined
  let chunk: { name: string; entries: AuditEntry[]; isStored: boolean } | undefined
  let writing: Promise<void> = Promise.resolve()

  function record(entry: AuditEntry): void {
    log.info({ audit: entry }, 'audit')
    waiting.push(entry)
    timer ??= setTimeout(() => void flush(), flushMs).unref()
  }
  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(write).catch((error: unknown) => {
      // What waits goes into another chunk: this one may be gone.
      chunk = undefined
      log.warn({ err: error }, 'the audit log is not kept, will try again')
    })
    return writing
  }
  async function write(): Promise<void> {
    while (waiting.length > 0) {
      if (!chunk || chunk.entries.length >= entriesPerChunk) {
        chunk = { name: chunkName(clock(), replica), entries: [], isStored: false }
        await prune()
      }
      const next = waiting.slice(0, entriesPerChunk - chunk.entries.length)
      const entries = [...chunk.entries, ...next]
      const secret = chunkSecret(chunk.name, namespace, entries)
      await (chunk.isStored ? kubernetes.replace(resources.secrets, secret) : kubernetes.create(resources.secrets, secret))
      chunk = { ...chunk, entries, isStored: true }
      waiting = waiting.slice(next.length)
    }
  }
  async function prune(): Promise<void> {
    const { items } = await kubernetes.list(resources.secrets, { namespace }, auditSelector)
    const names = items.map(({ metadata }) => metadata.name).sort()
    for (const name of names.slice(0, Math.max(0, names.length - mostChunks + 1)))
      await kubernetes.remove(resources.secrets, { namespace, name })
  }
  return {
    record,
    flush,
    async newest({ user } = {}) {
      await flush()
      const { items } = await kubernetes.list(resources.secrets, { namespace }, auditSelector)
      const entries = items.flatMap(readChunk).filter((entry) => user === undefined || concerns(entry, user))
      return entries.sort((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id))
    },
  }
}

function concerns({ user, actor, target }: AuditEntry, name: string): boolean {
  return user === name || actor === name || target === name
}
