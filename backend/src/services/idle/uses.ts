import { gunzipSync, gzipSync } from 'node:zlib'
import * as z from 'zod'
import type { Cache } from '../../kubernetes/cache.ts'
import type { Kubernetes } from '../../kubernetes/client.ts'
import { noted, noteSecret } from '../../kubernetes/notes.ts'
import type { KubeObject } from '../../kubernetes/objects.ts'
import { resources } from '../../kubernetes/resources.ts'
import { rememberedPer } from '../../memory.ts'

/** When services were last used, as all replicas saw it; times in milliseconds since 1970, services by the uid of their record. */
export interface Uses {
  /** It was used. */
  note(uid: string, at?: number): void
  /** It is in use until the function that this gives is called. */
  hold(uid: string): () => void
  /** When it was last used, as far as anybody knows; 0 where nobody does. */
  usedAt(uid: string): number
  /** When services were last judged, on whichever replica. */
  lastRound(): number | undefined
  /** They are judged now; `isNew` where what came before is not known, so that nothing of it counts against anybody. */
  beginRound(isNew: boolean): void
  /** Tells the other replicas what was seen here. */
  flush(): Promise<void>
  /** Forgets what replicas noted that are long gone. */
  sweep(): Promise<void>
}

export interface UsesPorts {
  kubernetes: Kubernetes
  namespace: string
  /** Who this replica is. */
  replica: string
  /** Follows Secrets of the namespace, those with the mark of uses among them. */
  secrets: Pick<Cache, 'get' | 'list'>
  /** The uids of all services that there are: no others are noted. */
  uids: () => Set<string>
  /** What is older is told no more. */
  lifetimeMs: number
  clock?: () => number
}

/** The value of the label `karvdash.io/holds` that marks what replicas note of uses. */
export const usesMark = 'uses'

const prefix = 'uses.'
/** Far more than the uids of all services take. */
const mostUnpackedBytes = 8 * 1024 * 1024

/** Keeps what this replica sees in memory, and now and then in a Secret of its own: a request costs nothing but a number in a table. */
export function createUses(ports: UsesPorts): Uses {
  const { kubernetes, namespace, replica, secrets, lifetimeMs, clock = Date.now } = ports
  const seen = createSeen(clock)
  const place = { name: `${prefix}${replica}`, namespace }
  let round = { at: 0, from: 0 }
  let hasNewRound = false
  let writing: Promise<void> = Promise.resolve()
  const told = () => secrets.list(namespace).filter(isUses).map(readUses)

  async function write(): Promise<void> {
    if (!seen.hasNews() && !hasNewRound) return
    // After a restart under the same name, what was told before is ours as well.
    const before = secrets.get(place.name, namespace)
    const own = before && readUses(before)
    if (own) round = { at: Math.max(round.at, own.roundAt), from: Math.max(round.from, own.from) }
    const uses = seen.merged(own?.uses, { uids: ports.uids(), since: clock() - lifetimeMs })
    await kubernetes.apply(resources.secrets, secretOf(place, { at: clock(), round, uses }))
    hasNewRound = false
    seen.isTold()
  }
  return {
    note: seen.note,
    hold: seen.hold,
    usedAt: (uid) =>
      Math.max(round.from, seen.usedAt(uid), ...told().map(({ from, uses }) => Math.max(from, uses.get(uid) ?? 0))),
    lastRound: () => Math.max(round.at, ...told().map(({ roundAt }) => roundAt)) || undefined,
    beginRound(isNew) {
      round = { at: clock(), from: isNew ? clock() : round.from }
      hasNewRound = true
    },
    flush() {
      writing = writing.catch(() => undefined).then(write)
      return writing
    },
    async sweep() {
      const old = secrets.list(namespace).filter((secret) => isUses(secret) && clock() - readUses(secret).at > lifetimeMs)
      for (const { metadata } of old) await kubernetes.remove(resources.secrets, { namespace, name: metadata.name })
    },
  }
}

/** What one replica saw. */
function createSeen(clock: () => number) {
  const seen = new Map<string, number>()
  const held = new Map<string, number>()
  let [noted, written] = [0, 0]
  const usedAt = (uid: string) => (held.has(uid) ? clock() : (seen.get(uid) ?? 0))
  function note(uid: string, at = clock()): void {
    if (at <= (seen.get(uid) ?? 0)) return
    seen.set(uid, at)
    noted += 1
  }
  function hold(uid: string): () => void {
    note(uid)
    held.set(uid, (held.get(uid) ?? 0) + 1)
    return () => {
      note(uid)
      const rest = (held.get(uid) ?? 1) - 1
      rest > 0 ? held.set(uid, rest) : held.delete(uid)
    }
  }
  /** All of it with what was told before, of services that are there and were used since some time. */
  function merged(before: Map<string, number> | undefined, { uids, since }: { uids: Set<string>; since: number }) {
    for (const [uid, at] of before ?? []) seen.set(uid, Math.max(at, usedAt(uid)))
    for (const [uid, at] of seen) if (!uids.has(uid) || at < since) seen.delete(uid)
    return [...seen]
  }
  return {
    ...{ note, hold, usedAt, merged },
    hasNews() {
      for (const uid of held.keys()) note(uid)
      return noted > written
    },
    isTold() {
      written = noted
    },
  }
}

/** Whether a Secret of the platform's is one in which a replica notes what it saw. */
export function isUses({ metadata: { name } }: { metadata: { name: string } }): boolean {
  return name.startsWith(prefix)
}

interface Told {
  at: number
  round: { at: number; from: number }
  uses: [string, number][]
}

function secretOf(place: { name: string; namespace: string }, { at, round, uses }: Told): KubeObject {
  const inSeconds = uses.map(([uid, ms]) => [uid, Math.floor(ms / 1000)])
  const [roundAt, from] = [String(round.at), String(round.from)]
  return noteSecret(usesMark, place, { at: String(at), round: roundAt, from, 'uses.gz': gzipSync(JSON.stringify(inSeconds)) })
}

const Seconds = z.array(z.tuple([z.string(), z.number()]))

const readUses = rememberedPer((secret: KubeObject) => {
  const number = (key: string) => Number(noted(secret, key)?.toString()) || 0
  const packed = noted(secret, 'uses.gz')
  const text = packed ? gunzipSync(packed, { maxOutputLength: mostUnpackedBytes }).toString() : '[]'
  const uses = new Map(Seconds.parse(JSON.parse(text)).map(([uid, seconds]) => [uid, seconds * 1000]))
  return { at: number('at'), roundAt: number('round'), from: number('from'), uses }
})
