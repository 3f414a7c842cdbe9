import * as z from 'zod'

/** The name of a pod: a DNS subdomain, as Kubernetes has it. */
export const PodName = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'That is not the name of a pod.')
/** The name of a container: a DNS label. */
export const ContainerName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'That is not the name of a container.')

const flag = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })])

/** Which part of a service's logs; all of it where nothing is said. */
export const LogsPart = z.strictObject({
  pod: PodName.optional(),
  container: ContainerName.optional(),
  /** What containers printed before they were started again, in the place of what they print since. */
  previous: flag.default(false),
  sinceSeconds: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
  /** The last lines of each container. */
  tailLines: z.coerce.number().int().min(0).max(100_000).optional(),
})
export type LogsPart = z.output<typeof LogsPart>

/** Which logs, and whether to go on with what is printed from now on. */
export const LogsQuery = LogsPart.extend({ follow: flag.default(false) })
export type LogsQuery = z.output<typeof LogsQuery>

/** Of a line no more is told than this; what is no UTF-8 in it is U+FFFD. */
export const longestLogLineBytes = 65_536

/** A line that a program printed, whatever is in it, control characters too: show it as text. */
export const LogLine = z.object({
  pod: z.string(),
  container: z.string(),
  /** When it was printed, as RFC 3339 in UTC with nanoseconds: such texts sort by time. */
  at: z.string(),
  text: z.string(),
  /** Whether it was longer than {@link longestLogLineBytes}. */
  isCut: z.boolean().optional(),
})
export type LogLine = z.infer<typeof LogLine>

/** A container that ran; `run` is another each time it is started. */
const one = { pod: z.string(), container: z.string(), run: z.string() }

/** An event of a stream of logs. */
export const LogEvent = z.discriminatedUnion('type', [
  /** Lines in order of time; who comes back with the id gets what was printed since, and the last moments before once more. */
  z.object({ type: z.literal('lines'), id: z.string(), lines: z.array(LogLine) }),
  /** A container's log is told from here on; told anew to whoever comes back. */
  z.object({ type: z.literal('began'), ...one }),
  /** The container ended, and its log with it. */
  z.object({ type: z.literal('ended'), ...one }),
  /** There are too many at once for one stream: this one is not told. */
  z.object({ type: z.literal('left-out'), ...one }),
])
export type LogEvent = z.infer<typeof LogEvent>
