import { EntryProblemCode, Problem } from '@karvdash/common'

/** The kinds of failure that VS Code tells apart. */
export type FaultKind =
  | 'FileNotFound'
  | 'FileExists'
  | 'FileNotADirectory'
  | 'FileIsADirectory'
  | 'NoPermissions'
  | 'Unavailable'
  | 'Unknown'

/** A failure in VS Code's terms; people read the message as it is. */
export interface Fault {
  kind: FaultKind
  message: string
}

/** Codes that VS Code has a kind for; every other one is a sentence for people. */
const byCode: Partial<Record<EntryProblemCode, FaultKind>> = {
  'entry-missing': 'FileNotFound',
  'link-broken': 'FileNotFound',
  'entry-exists': 'FileExists',
  'not-a-folder': 'FileNotADirectory',
  'is-a-folder': 'FileIsADirectory',
  'no-permission': 'NoPermissions',
  busy: 'Unavailable',
  'domain-away': 'Unavailable',
}

/** Says a failure in VS Code's terms. Only what is missing may be called so: VS Code probes for many files that are not there. */
export function faultOf(failure: unknown): Fault {
  if (!(failure instanceof Problem)) return { kind: 'Unavailable', message: 'The answer of Karvdash was cut off. Try again.' }
  const code = EntryProblemCode.safeParse(failure.extra['code'])
  return { kind: code.success ? (byCode[code.data] ?? 'Unknown') : byStatus(failure.status), message: failure.message }
}

/** Whether a failure says that there is nothing at a path. */
export function isMissing(failure: unknown): boolean {
  const { kind } = faultOf(failure)
  return kind === 'FileNotFound' || kind === 'FileNotADirectory'
}

/** 404 for a path, as the server says it. */
export function missing(path: string): Problem {
  return new Problem(404, 'Not found', { detail: `There is no "/${path}" in this folder.`, extra: { code: 'entry-missing' } })
}

function byStatus(status: number): FaultKind {
  if (status === 404 || status === 410) return 'FileNotFound'
  if (status === 401 || status === 403) return 'NoPermissions'
  return status === 429 || status >= 500 ? 'Unavailable' : 'Unknown'
}
