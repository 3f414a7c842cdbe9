import * as z from 'zod'

/** What somebody showed, as far as it takes to ask again whether it still lets them in. */
export const Credential = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cookie'), cookie: z.string() }),
  z.object({ kind: z.literal('token'), token: z.string() }),
  /** An access token lives for minutes: what it began goes on for as long as its editor is signed in. */
  z.object({ kind: z.literal('editor'), token: z.string() }),
  /** So it is with a pod's own token: for as long as the pod is there. */
  z.object({ kind: z.literal('pod'), user: z.string(), token: z.string() }),
  /** A password that was right is not derived again: that its user is active is asked all the same. */
  z.object({ kind: z.literal('password'), user: z.string() }),
])
export type Credential = z.infer<typeof Credential>
