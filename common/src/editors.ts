import * as z from 'zod'
import { TokenScope } from './scope.ts'

/** An editor that somebody signed in to, as a list shows it. */
export const Editor = z.object({
  id: z.string(),
  /** The program, such as `VS Code`. */
  client: z.string(),
  /** What it said of the machine it is on. */
  machine: z.string(),
  scopes: z.array(TokenScope),
  createdAt: z.string(),
  /** When it was last used, to within a quarter of an hour. */
  usedAt: z.string(),
})
export type Editor = z.infer<typeof Editor>

/** What an editor asks for, as the person decides about it. */
export const EditorRequest = z.object({
  client: z.string(),
  machine: z.string(),
  scopes: z.array(TokenScope),
  /** The network address it asks from, where it shows a code; where the answer goes, where it opened the browser. */
  place: z.string(),
})
export type EditorRequest = z.infer<typeof EditorRequest>

/** The code that an editor shows: no vowels, so no words; how it is written does not matter. */
export const UserCode = z
  .string()
  .max(20)
  .transform((text) => text.toUpperCase().replace(/[^A-Z]/g, ''))
  .pipe(z.string().regex(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/, 'A code has eight letters, such as BCDF-GHJK.'))

/** Which request of an editor: a signed one that came with the browser, or the code that it shows. */
export const WhichRequest = z.union([z.strictObject({ request: z.string().max(4000) }), z.strictObject({ code: UserCode })])

/** What somebody decides about it. */
export const EditorDecision = z.object({ isApproved: z.boolean() }).and(WhichRequest)
