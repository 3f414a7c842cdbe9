import * as z from 'zod'

/** What an admin tells everybody, such as when the platform is away for maintenance. */
export const Notice = z.strictObject({
  text: z
    .string()
    .trim()
    .max(500, 'A notice has at most 500 characters.')
    .regex(/^\P{Cc}*$/u, 'A notice is one line.'),
})
export type Notice = z.infer<typeof Notice>

/** What one user has, and may have, as Kubernetes counts it: `{"pods": "3", "requests.memory": "5Gi"}`. */
export const Usage = z.object({
  user: z.string(),
  active: z.boolean(),
  services: z.number().int(),
  used: z.record(z.string(), z.string()),
  hard: z.record(z.string(), z.string()),
})
export type Usage = z.infer<typeof Usage>

/** How the platform itself is. */
export const PlatformHealth = z.object({
  version: z.string(),
  replicas: z.array(z.object({ name: z.string(), ready: z.boolean(), restarts: z.number().int(), startedAt: z.string() })),
  /** What the replica that answers follows, and for how long it has heard nothing of it. */
  watches: z.array(z.object({ name: z.string(), silentSeconds: z.number(), isFresh: z.boolean() })),
  users: z.object({ total: z.number().int(), active: z.number().int(), waiting: z.number().int() }),
  services: z.record(z.string(), z.number().int()),
  /** After how long services that nobody uses are stopped, and how many are warned of that; missing where they never are. */
  idle: z.object({ afterSeconds: z.number(), warningSeconds: z.number(), cpu: z.string(), warned: z.number().int() }).optional(),
})
export type PlatformHealth = z.infer<typeof PlatformHealth>
