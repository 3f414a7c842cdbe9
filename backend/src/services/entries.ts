import { type DomainName, type FieldError, FilePath, invalid, Problem } from '@karvdash/common'
import type { Storage } from '../storage/storage.ts'
import type { PlannedEntry } from './plan.ts'

/** Refuses a launch that names files or folders which its user does not have. */
export type CheckEntries = (user: string, entries: readonly PlannedEntry[]) => Promise<void>

/** Makes the check: it looks where the user would, in their own domains. @throws Problem 400 with an error a field, 503 where a domain is away */
export function createCheckEntries({ open }: Pick<Storage, 'open'>): CheckEntries {
  return async (user, entries) => {
    const faults = await Promise.all(entries.map((entry) => faultOf(entry, user, open)))
    const errors = faults.filter((fault) => fault !== undefined)
    if (errors.length > 0) throw invalid(errors)
  }
}

async function faultOf(
  { name, label, kind, path }: PlannedEntry,
  user: string,
  open: Storage['open'],
): Promise<FieldError | undefined> {
  const [, domain = '', ...names] = path.split('/')
  const error = (detail: string) => ({ pointer: `/values/${name}`, detail })
  try {
    // The form model let no other domain pass.
    const root = await open(user, domain as DomainName)
    const { type } = await root.stat(FilePath.parse(names.join('/')))
    return type === kind ? undefined : error(`${label} must be a ${kind}; ${path} is ${words[type]}.`)
  } catch (refusal) {
    if (!(refusal instanceof Problem) || refusal.status >= 500) throw refusal
    return error(`${label} must be a ${kind} that exists; there is none at ${path}.`)
  }
}

const words = {
  file: 'a file',
  folder: 'a folder',
  'link-broken': 'a link that leads nowhere',
  other: 'neither a file nor a folder',
}
