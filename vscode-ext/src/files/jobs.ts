import {
  backoffMs,
  contract,
  isOver,
  type Job,
  JobEvent,
  type NewJob,
  Problem,
  pause,
  readEvents,
  type TransferClient,
} from '@karvdash/common'

export interface JobOptions {
  /** Cancels it, as long as that is possible. */
  signal: AbortSignal
  /** Told how many bytes are done. */
  onProgress: (done: number, total: number | undefined) => void
  wait?: (ms: number) => Promise<void>
}

/**
 * Has the server copy or move entries, and waits until that is over, whatever becomes of the connection meanwhile.
 * @throws Problem whatever the server refused for; with its words where the job failed or was cancelled.
 */
export async function runJob(client: TransferClient, job: NewJob, options: JobOptions): Promise<Job> {
  const { signal } = options
  // Whoever cancels while it is begun cancels what began.
  const begun = await client.call(contract.startJob, { body: job })
  const cancel = () => void client.call(contract.endJob, { params: { job: begun.id } }).catch(() => undefined)
  if (signal.aborted) cancel()
  else signal.addEventListener('abort', cancel)
  try {
    const ended = isOver(begun.phase) ? begun : await followed(client, begun.id, options)
    if (ended.phase === 'finished') return ended
    throw new Problem(409, 'Not done', { detail: ended.detail ?? `The ${ended.kind} was cancelled.` })
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

async function followed(client: TransferClient, id: string, { onProgress, wait = pause }: JobOptions): Promise<Job> {
  for (let failures = 0; ; failures++) {
    try {
      const { body } = await client.download(contract.watchJobs, {})
      for await (const job of jobsIn(body, id)) {
        failures = 0
        onProgress(job.done.bytes, job.total?.bytes)
        if (isOver(job.phase)) return job
      }
      // What the stream does not tell of may be forgotten: then this says so.
      await client.call(contract.getJob, { params: { job: id } })
    } catch (failure) {
      if (failure instanceof Problem && [401, 403, 404].includes(failure.status)) throw failure
    }
    await wait(backoffMs(failures))
  }
}

/** What is told of one job, until it is forgotten. */
async function* jobsIn(body: ReadableStream<Uint8Array> | null, id: string): AsyncGenerator<Job> {
  if (!body) return
  for await (const data of readEvents(body)) {
    const event = JobEvent.safeParse(JSON.parse(data))
    if (!event.success) continue
    if (event.data.type === 'gone' && event.data.id === id) return
    if (event.data.type === 'job' && event.data.job.id === id) yield event.data.job
  }
}
