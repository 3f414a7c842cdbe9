import type { Job, JobEvent } from '@karvdash/common'
import type { JobStore } from './store.ts'

interface Watching {
  /** All jobs as they are now. */
  all: () => Job[]
  signal: AbortSignal
}

/** All jobs, then each that looks different than before; waits for changes, never polls. */
export async function* jobChanges(store: JobStore, { all, signal }: Watching): AsyncGenerator<JobEvent> {
  const told = new Map<string, string>()
  let wake: () => void = () => undefined
  let isDirty = true
  const stir = () => {
    isDirty = true
    wake()
  }
  const end = store.onChange(stir)
  signal.addEventListener('abort', stir, { once: true })
  try {
    while (!signal.aborted) {
      isDirty = false
      yield* differences(all(), told)
      if (!isDirty && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    end()
  }
}

function* differences(jobs: Job[], told: Map<string, string>): Generator<JobEvent> {
  const present = new Set(jobs.map(({ id }) => id))
  for (const id of told.keys()) {
    if (present.has(id)) continue
    told.delete(id)
    yield { type: 'gone', id }
  }
  for (const job of jobs) {
    const text = JSON.stringify(job)
    if (told.get(job.id) === text) continue
    told.set(job.id, text)
    yield { type: 'job', job }
  }
}
