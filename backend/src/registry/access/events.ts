import { type AuditEntry, Digest, RepositoryName, TagName } from '@karvdash/common'
import * as z from 'zod'
import type { Book } from '../book.ts'

/** Takes what the cluster's own registry tells of pushes and deletions; what nobody understands of it is left alone. */
export type RegistryEvents = (told: unknown) => Promise<void>

export interface RegistryEventsPorts {
  book: Pick<Book, 'note' | 'forget'>
  record: (entry: AuditEntry) => void
}

/** As the backend calls itself in its tokens: what it does in the registry is noted where it does it. */
export const platformActor = 'karvdash'

/** One line of an envelope (distribution, "Work with notifications"). */
const Told = z.object({
  id: z.string().max(100),
  timestamp: z.string().max(60),
  action: z.enum(['push', 'delete']),
  target: z.object({ repository: RepositoryName, tag: TagName.optional(), digest: Digest.optional() }),
  actor: z.object({ name: z.string().min(1).max(100) }),
  request: z.object({ addr: z.string().max(100).default('') }).prefault({}),
})
type Told = z.infer<typeof Told>
const Envelope = z.object({ events: z.array(z.unknown()).max(1000) })

/** Makes the function: who pushed what is noted in the book, and all of it in the audit log. */
export function createRegistryEvents({ book, record }: RegistryEventsPorts): RegistryEvents {
  return async (told) => {
    const { data } = Envelope.safeParse(told)
    for (const one of data?.events ?? []) {
      const event = Told.safeParse(one)
      if (event.success && event.data.actor.name !== platformActor) await take(event.data)
    }
  }
  async function take(event: Told): Promise<void> {
    const { repository, tag, digest } = event.target
    const by = event.actor.name
    if (event.action === 'push' && tag && digest) await book.note({ repository, by, tags: [{ tag, digest }] })
    if (event.action === 'delete' && digest) await book.forget(repository, digest)
    if (event.action === 'delete' || tag) record(entryOf(event))
  }
}

function entryOf({ id, timestamp, action, target, actor, request }: Told): AuditEntry {
  const { repository, tag, digest = '' } = target
  return {
    ...{ at: timestamp, id, user: actor.name, via: 'registry', target: tag ? `${repository}:${tag}` : `${repository}@${digest}` },
    operation: action === 'push' ? 'PUT /v2/manifests' : 'DELETE /v2/manifests',
    address: request.addr.replace(/:\d+$/, ''),
    status: action === 'push' ? 201 : 202,
  }
}
