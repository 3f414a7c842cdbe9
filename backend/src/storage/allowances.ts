import type { DomainName } from '@karvdash/common'
import { refusal } from '../filesystem/refusals.ts'
import { inWords } from '../filesystem/room.ts'
import type { Root } from '../filesystem/root.ts'

/** How many bytes each user may bring to a domain through the platform, where the file system has no quota of its own. */
export interface Allowances {
  /** What a user may have in a domain; undefined where that is not limited. */
  of(domain: DomainName): number | undefined
  /** Makes sure that so many bytes may come. @throws Problem 507 with the numbers. */
  insist(user: string, domain: DomainName, bytes: number): Promise<void>
  /** Keeps a root to the allowance. */
  bound(root: Root, user: string, domain: DomainName): Root
}

export interface AllowancePorts {
  /** Bytes, for the domains that are limited. */
  allowed: Partial<Record<DomainName, number | undefined>>
  /** How many bytes a user has in a domain; takes seconds. */
  count: (user: string, domain: DomainName) => Promise<number>
  clock?: () => number
}

/** So long a count is good; what comes through us meanwhile is added to it. */
const freshMs = 300_000

interface Counting {
  /** What came through us since is added to it. */
  counted: Promise<{ bytes: number }>
  begunAt: number
}

/** Makes the keeper of allowances. What programs write past us is seen at the next count, and what other replicas take as well. */
export function createAllowances({ allowed, count, clock = Date.now }: AllowancePorts): Allowances {
  const counts = new Map<string, Counting>()
  /** One count at a time, however many wait for it. */
  function counted(user: string, domain: DomainName): Promise<{ bytes: number }> {
    const key = `${domain}/${user}`
    const known = counts.get(key)
    const age = known === undefined ? Number.POSITIVE_INFINITY : clock() - known.begunAt
    // A clock that went back tells no age.
    if (known !== undefined && age >= 0 && age < freshMs) return known.counted
    const fresh = count(user, domain).then((bytes) => ({ bytes }))
    counts.set(key, { counted: fresh, begunAt: clock() })
    fresh.catch(() => counts.delete(key))
    return fresh
  }
  /** Makes sure that so many bytes may come; gives how many may in all. */
  async function insist(user: string, domain: DomainName, bytes: number): Promise<number> {
    const most = allowed[domain]
    if (most === undefined) return Number.POSITIVE_INFINITY
    const free = most - (await counted(user, domain)).bytes
    if (bytes > free) throw beyond({ domain, most, needed: bytes, free })
    return free
  }
  return {
    of: (domain) => allowed[domain],
    insist: async (...claim) => void (await insist(...claim)),
    bound(root, user, domain) {
      const most = allowed[domain]
      if (most === undefined) return root
      const brought = async (bytes: number) => {
        const known = await counted(user, domain)
        known.bytes += bytes
      }
      return {
        ...root,
        async write(path, source, options = {}) {
          const free = await insist(user, domain, options.size ?? 0)
          const written = await root.write(
            path,
            upTo(source, free, (needed) => beyond({ domain, most, needed, free })),
            options,
          )
          await brought(written.entry.size)
          return written
        },
        async beginUpload(path, options) {
          await insist(user, domain, options.size)
          const begun = await root.beginUpload(path, options)
          await brought(options.size)
          return begun
        },
      }
    },
  }
}

/** Bytes as they come, but no more than these. */
async function* upTo(source: AsyncIterable<Uint8Array>, most: number, refused: (needed: number) => Error) {
  let taken = 0
  for await (const chunk of source) {
    taken += chunk.length
    if (taken > most) throw refused(taken)
    yield chunk
  }
}

function beyond({ domain, most, needed, free }: { domain: DomainName; most: number; needed: number; free: number }): Error {
  const left = Math.max(0, free)
  const detail = `You may have ${inWords(most)} in /${domain}: ${inWords(needed)} more are needed, and ${inWords(left)} are left. Delete something, or ask an administrator.`
  return refusal(507, 'quota-reached', detail, { needed, free: left, allowed: most })
}
