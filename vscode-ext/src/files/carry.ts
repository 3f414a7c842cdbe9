import { folderOf, type Job, nameOf } from '@karvdash/common'
import type { Connection } from '../connection/connection.ts'
import { patienceOf } from '../connection/patience.ts'
import { underway } from '../progress.ts'
import type { Found } from './branches.ts'
import { runJob } from './jobs.ts'

/** What is copied or moved, and where to. */
export interface Carrying {
  kind: 'copy' | 'move'
  from: Found
  to: Found
  /** Whether what is in the way goes. */
  overwrite: boolean
}

/** Has the server copy or move an entry, whole folders too: its bytes do not come here. @throws Problem */
export function carry(connection: Connection, { kind, from, to, overwrite }: Carrying): Promise<Job> {
  const job = {
    kind,
    entries: [{ domain: from.domain, path: from.path }],
    to: { domain: to.domain, path: folderOf(to.path) },
    name: nameOf(to.path),
    onConflict: overwrite ? ('replace' as const) : ('refuse' as const),
  }
  const title = `${kind === 'copy' ? 'Copying' : 'Moving'} ${nameOf(from.path)}`
  return underway(title, ({ signal, report }) =>
    connection.with(({ client }) => runJob(client, job, { signal, onProgress: report, wait: patienceOf(connection) })),
  )
}

/** What people have to know of a job that is done; undefined: nothing. */
export function remarkOn({ detail, dropped }: Job): string | undefined {
  const left = dropped > 0 ? `${dropped} FIFOs, sockets or devices were left out.` : undefined
  return [detail, left].filter((one) => one !== undefined).join(' ') || undefined
}
