import { Digest, ImageAddition, isOver, type NewImage } from '@karvdash/common'
import * as z from 'zod'
import { type JobStart, jobFields } from '../../jobs/record.ts'

/** The value of the label `karvdash.io/holds` that marks additions. */
export const additionMark = 'addition'

/** What a layer became in the registry, and in which repository. */
export const SentBlob = z.object({
  digest: Digest,
  bytes: z.number(),
  packing: z.enum(['gzip', 'zstd', 'as-is']),
  repository: z.string(),
})
export type SentBlob = z.infer<typeof SentBlob>

/** What is told of who asked, where an addition ends, in the audit log. */
const Asked = z.object({ id: z.string(), address: z.string(), via: z.string().optional(), actor: z.string().optional() })

/** An addition as it is recorded, before its first byte. */
export const AdditionRecord = ImageAddition.extend({
  ...jobFields,
  as: z.object({ repository: z.string(), tag: z.string() }).optional(),
  overwrite: z.boolean(),
  removeFile: z.boolean(),
  /** What whoever asked might do then: a token that was not made for administration acts as a user. */
  role: z.enum(['user', 'admin']),
  asked: Asked,
  /** Of the file, as it was when it was read first. */
  etag: z.string().optional(),
  /** What layers became, by their digests in the archive: by this whoever takes over need not compress them anew, and nor need others. */
  sent: z.record(z.string(), SentBlob),
  /** What is still to be named, when all the rest is done. */
  tags: z.array(z.object({ repository: z.string(), tag: z.string(), digest: z.string() })),
})
export type AdditionRecord = z.infer<typeof AdditionRecord>

/** Who asks for an addition. */
export type Asking = Pick<AdditionRecord, 'user' | 'role' | 'asked'>

/** What is recorded of an addition that begins. */
export function newRecord(image: NewImage, { role, asked }: Asking, about: JobStart): AdditionRecord {
  const { as, ...wanted } = image
  const nothing = { names: [], layers: [], done: { bytes: 0 }, sent: {}, tags: [] }
  return { ...about, ...wanted, ...nothing, role, asked, phase: 'queued', ...(as && { as }) }
}

/** What its user sees of it. */
export function shown({
  id,
  from,
  names,
  phase,
  createdAt,
  endedAt,
  layers,
  done,
  total,
  detail,
}: AdditionRecord): ImageAddition {
  return {
    ...{ id, from, names, phase, createdAt, layers, done },
    ...(endedAt !== undefined && { endedAt }),
    ...(total && { total }),
    ...(detail !== undefined && { detail }),
  }
}

/** Whether an addition can still be cancelled so that nothing of it is seen. */
export function isCancellable(phase: string): boolean {
  return !isOver(phase) && phase !== 'tagging'
}
