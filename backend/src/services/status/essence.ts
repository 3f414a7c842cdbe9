import { labels } from '@karvdash/common'
import * as z from 'zod'
import { longestMessage, plain } from './plain.ts'

/** A text as the cluster has it: bounded, without control characters, whatever was there. */
export const text = (most = longestMessage) =>
  z
    .string()
    .transform((value) => plain(value, most))
    .catch('')
    .default('')
/** A name, a reason, a time. */
export const word = text(253)
export const count = z.number().catch(0).default(0)

/** Of a list no more than so many, and nothing where it is none. */
export const listOf = <T extends z.ZodType>(item: T, most: number) =>
  z.preprocess((value) => (Array.isArray(value) ? value.slice(0, most) : []), z.array(item))

/** What is kept of the metadata of everything that belongs to a service. */
export const Metadata = z
  .object({
    name: z.string(),
    namespace: z.string().optional(),
    uid: word,
    resourceVersion: z.string().optional(),
    creationTimestamp: word,
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).catch({}).default({}),
    ownerReferences: listOf(z.object({ kind: word, name: word, uid: word }), 5),
  })
  .transform(({ labels: marks, ownerReferences: [owner], ...rest }) => ({ ...rest, service: marks[labels.service] ?? '', owner }))
export type Metadata = z.infer<typeof Metadata>

/** What an object says of itself. */
export const Conditions = listOf(
  z.object({ type: word, status: word, reason: word, message: text(), lastTransitionTime: word }),
  20,
)
export type Conditions = z.infer<typeof Conditions>
