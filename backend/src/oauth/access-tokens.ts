import * as z from 'zod'
import type { EditorEntry } from '../users/account.ts'
import type { Signer } from '../users/signer.ts'

/** What access tokens begin with: for secret scanners, and to tell them from others. */
export const accessPrefix = 'kva_'
/** How long one works, in seconds. */
export const accessSeconds = 900

const Claim = z.object({ user: z.string(), editor: z.string(), issuedAt: z.number() })
/** What an access token says. */
export type AccessClaim = z.infer<typeof Claim>

/** A token for an editor: a signed statement, which holds only while the editor is listed. */
export function issueAccess(signer: Signer, user: string, { id }: Pick<EditorEntry, 'id'>, now: number): string {
  return accessPrefix + signer.sign('access', { user, editor: id, issuedAt: now })
}

/** What a token says, however old it is; undefined where it is none of ours. */
export function readAccess(signer: Signer, token: string): AccessClaim | undefined {
  const text = token.startsWith(accessPrefix) ? token.slice(accessPrefix.length) : ''
  return Claim.safeParse(signer.verify('access', text)).data
}
