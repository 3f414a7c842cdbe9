import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AdditionEvent,
  type ArchivedImages,
  type AuditEntry,
  type EntryPlace,
  type ImageAddition,
  type NewImage,
  tooMany,
} from '@karvdash/common'
import { createJobs, type JobsPorts } from '../../jobs/jobs.ts'
import type { OpenDomain } from '../../storage/jobs/site.ts'
import { packingOf } from '../archive/bytes.ts'
import { toldOf } from '../archive/read.ts'
import type { Book } from '../book.ts'
import type { Registry } from '../client.ts'
import { areThere, insistOnRights } from './check.ts'
import { targetsOf } from './names.ts'
import { openImageFile, readImages } from './reading.ts'
import { type AdditionRecord, type Asking, isCancellable, newRecord, shown } from './record.ts'
import type { Tally } from './tally.ts'
import { createCraft } from './work.ts'

/** Images added from files, recorded: whichever replica ends, another goes on with them. */
export interface Additions {
  /** What images a file holds. @throws Problem 404, 409, 422, 429. */
  look(user: string, from: EntryPlace, signal: AbortSignal): Promise<ArchivedImages>
  /** @throws Problem 400, 403, 404, 409, 422, 429. */
  start(asking: Asking, image: NewImage): Promise<ImageAddition>
  /** The newest first. */
  list(user: string): ImageAddition[]
  /** @throws Problem 404. */
  get(user: string, id: string): Promise<ImageAddition>
  /** Cancels an addition, or forgets one that is over. @throws Problem 404, 409. */
  end(user: string, id: string): Promise<void>
  watch(user: string, signal: AbortSignal): AsyncGenerator<AdditionEvent>
  stop(): Promise<void>
}

type Kind = JobsPorts<AdditionRecord, Tally, ImageAddition>

export interface AdditionsPorts extends Omit<Kind, 'craft' | 'shown' | 'isCancellable' | 'tooLate'> {
  registry: Registry
  open: OpenDomain
  roleOf: (user: string) => 'user' | 'admin'
  audit: (entry: AuditEntry) => void
  /** Notes who added what. */
  book: Pick<Book, 'note'>
}

const tooLate = 'All of it is in the registry, and it is getting its names now: it is too late to cancel it.'
const mostLooks = 2

/** Sees to additions. */
export function createAdditions(ports: AdditionsPorts): Additions {
  const { store, open, audit, book } = ports
  const craft = createCraft({
    ...ports,
    records: () => store.all().map(({ record }) => record),
    wait: (ms, signal) => sleep(ms, undefined, { signal }),
    async onAdded(record) {
      audit(lineOf(record))
      const byRepository = Map.groupBy(record.tags, ({ repository }) => repository)
      for (const [repository, tags] of byRepository)
        await book.note({ repository, by: record.user, tags: tags.map(({ tag, digest }) => ({ tag, digest })) })
    },
  })
  const jobs = createJobs({ ...ports, craft, shown, isCancellable, tooLate })
  const looking = new Map<string, number>()
  return {
    ...jobs,
    async look(user, from, signal) {
      const now = looking.get(user) ?? 0
      if (now >= mostLooks) throw tooMany('Other files of yours are being looked through. Wait until that is done.', 5)
      looking.set(user, now + 1)
      try {
        await using read = await readImages({ open, user, from, signal })
        return toldOf(read.set)
      } finally {
        if (now === 0 || looking.get(user) === 1) looking.delete(user)
        else looking.set(user, (looking.get(user) ?? 1) - 1)
      }
    },
    start: (asking, image) =>
      jobs.start(asking.user, async (about) => {
        const record = newRecord(image, asking, about)
        await insistItMay(record, ports)
        return record
      }),
    async *watch(user, signal) {
      for await (const [id, addition] of jobs.watch(user, signal))
        yield addition ? { type: 'addition', addition } : { type: 'gone', id }
    },
  }
}

/** Looks at an addition before it is recorded, as far as that takes no time: what cannot be is told at once. */
async function insistItMay(record: AdditionRecord, { open, registry }: AdditionsPorts): Promise<void> {
  const { user, from, as } = record
  if (as) await insistOnRights([as], record, registry)
  const isPacked = await startsPacked(record, open)
  if (isPacked) return
  await using read = await readImages({ open, user, from, signal: new AbortController().signal })
  const targets = targetsOf(read.set, as, user)
  await insistOnRights(
    targets.flatMap(({ names }) => names),
    record,
    registry,
  )
  await areThere(targets, record, { registry, digestOf: ({ digest }) => digest })
}

async function startsPacked({ user, from }: AdditionRecord, open: OpenDomain): Promise<boolean> {
  const file = await openImageFile({ open, user, from })
  try {
    const head = Buffer.alloc(4)
    await file.readAt(head, 0)
    return packingOf(head) !== undefined
  } finally {
    await file.close()
  }
}

/** The line of the audit log that says what was added in the end; that it was asked for has one of its own. */
function lineOf({ user, names, asked }: AdditionRecord): AuditEntry {
  const operation = 'POST /api/images/additions'
  return { ...asked, user, at: new Date().toISOString(), operation, target: names.join(' ').slice(0, 500), status: 201 }
}
