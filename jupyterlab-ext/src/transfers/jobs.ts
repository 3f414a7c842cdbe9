import { type Client, contract, isOver, type Job, type NewJob, Problem } from '@karvdash/common'

/** How a job is followed. */
export interface Following {
  /** Cancels it, while that is possible. */
  signal: AbortSignal
  onProgress: (job: Job) => void
  wait?: (ms: number) => Promise<void>
}

/** Jobs of the server. */
export interface Jobs {
  /** @throws Problem 409 `entry-exists` where a name is taken. */
  start(job: NewJob): Promise<Job>
  /** The job once nothing more comes of it; a network that fails is waited for. @throws Problem */
  follow(job: Job, following: Following): Promise<Job>
}

/** What is quick is over soon; of what is not, nobody wants to know more often than once a second. */
const waitsMs = [150, 350, 500]
const laterMs = 1000
const mostFailures = 120

/** Makes the way to them. */
export function createJobs(client: Client): Jobs {
  return {
    start: (body) => client.call(contract.startJob, { body }),
    async follow(job, { signal, onProgress, wait = waited }) {
      const look = lookAt(client, signal)
      let latest = job
      for (let [looks, failures] = [0, 0]; !isOver(latest.phase); looks++) {
        await wait(waitsMs[looks] ?? laterMs)
        const seen = await look(latest).catch((failure: unknown) => {
          if (!mayPass(failure) || ++failures > mostFailures) throw failure
        })
        if (!seen) continue
        failures = 0
        latest = seen
        onProgress(latest)
      }
      return latest
    },
  }
}

/** How a job is now; it is cancelled before, once, where somebody wants that. */
function lookAt(client: Client, signal: AbortSignal): (job: Job) => Promise<Job> {
  let isCancelled = false
  return async (job) => {
    if (signal.aborted && !isCancelled) await cancel(client, job)
    isCancelled = signal.aborted
    return client.call(contract.getJob, { params: { job: job.id } }).catch((failure: unknown) => {
      if (isCancelled && failure instanceof Problem && failure.status === 404) return { ...job, phase: 'cancelled' }
      throw failure
    })
  }
}

/** Too late is not wrong: it ends as it ends. */
async function cancel(client: Client, { id }: Job): Promise<void> {
  await client.call(contract.endJob, { params: { job: id } }).catch((failure: unknown) => {
    if (!(failure instanceof Problem) || ![404, 409].includes(failure.status)) throw failure
  })
}

function mayPass(failure: unknown): boolean {
  return failure instanceof Problem && [429, 500, 502, 503, 504].includes(failure.status)
}

function waited(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
