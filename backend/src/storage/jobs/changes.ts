import type { Job, JobEvent } from '@karvdash/common'
import { differences } from '../../kubernetes/differences.ts'
import type { JobStore } from './store.ts'

interface Watching {
  /** All jobs as they are now. */
  all: () => Job[]
  signal: AbortSignal
}

/** All jobs, then each that looks different than before; waits for changes, never polls. */
export async function* jobChanges(store: JobStore, { all, signal }: Watching): AsyncGenerator<JobEvent> {
  const known = () => all().map((job): [string, Job] => [job.id, job])
  for await (const [id, job] of differences({ all: known, onChange: store.onChange, signal }))
    yield job ? { type: 'job', job } : { type: 'gone', id }
}
