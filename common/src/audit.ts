import * as z from 'zod'

/** One line of the audit log: who did what, on what, from where, and how it ended. */
export const AuditEntry = z.object({
  at: z.string(),
  /** The request's id, as in the request log. */
  id: z.string(),
  /** Whose rights were used; none where nobody was signed in. */
  user: z.string().optional(),
  /** The admin who acted as the user. */
  actor: z.string().optional(),
  /** How the caller showed who they are: `cookie`, `token`, `basic`, `pod`, `editor`, `registry`. */
  via: z.string().optional(),
  /** The operation, such as `POST /api/services`. */
  operation: z.string(),
  /** What it was done to: names and paths alone, never contents. */
  target: z.string().optional(),
  address: z.string(),
  /** Status of the answer. */
  status: z.number().int(),
})
export type AuditEntry = z.infer<typeof AuditEntry>
