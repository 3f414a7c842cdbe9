import { timingSafeEqual } from 'node:crypto'
import type { EditorEntry } from '../users/account.ts'
import { digestOf } from '../users/digest.ts'

const form = /^kvr_([a-z][a-z0-9]{0,29})_([0-9a-f]{16})_([0-9a-f]{40})$/

/** A refresh token, taken apart. */
export interface RefreshToken {
  user: string
  editor: string
  secret: string
}

/** Reads a refresh token; undefined where it has not the form of one. */
export function readRefresh(token: string): RefreshToken | undefined {
  const [, user, editor, secret] = form.exec(token) ?? []
  return user === undefined || editor === undefined || secret === undefined ? undefined : { user, editor, secret }
}

/** Writes one; `secret` is 20 random bytes in hexadecimal. */
export function writeRefresh({ user, editor, secret }: RefreshToken): string {
  return `kvr_${user}_${editor}_${secret}`
}

/** What comes of a refresh: the editor with its next token, or nothing; and the editors that are left. */
export function refreshed(
  editors: EditorEntry[],
  { editor: id, secret, client, next, at }: Omit<RefreshToken, 'user'> & { client: string; next: string; at: string },
): { editors: EditorEntry[]; renewed: EditorEntry | undefined } {
  const entry = editors.find((one) => one.id === id && one.client === client)
  if (!entry) return { editors, renewed: undefined }
  const rest = editors.filter((one) => one !== entry)
  // OAuth 2.1 §4.3.1: a refresh token that comes twice was stolen, now or then; nobody goes on with either.
  if (!timingSafeEqual(Buffer.from(digestOf(secret)), Buffer.from(entry.refresh))) return { editors: rest, renewed: undefined }
  const renewed = { ...entry, refresh: digestOf(next), usedAt: at }
  return { editors: [...rest, renewed], renewed }
}
