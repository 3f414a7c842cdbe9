import type { Notice, OpenNotice } from './notice.ts'
import { createQueue } from './queue.ts'
import { shortName } from './short-name.ts'

/** What is sent. */
export interface Sending<T> {
  name: string
  size: number
  send: (ears: { signal: AbortSignal; onProgress: (sent: number) => void }) => Promise<T>
}

/** Somebody did not want a file to be replaced. */
export class Declined extends Error {}

/** What is sent at the same time is told of together, and cancelled together. */
interface Batch {
  notice: Notice
  controller: AbortController
  names: string[]
  bytes: number
  /** How much each of what is under way has sent. */
  underWay: Map<object, number>
  doneBytes: number
  done: number
  declined: number
  failures: unknown[]
}

/** Two at once keep the line busy; a hundred would only share it. */
const mostAtOnce = 2

/** Uploads with one notification for all that are under way: how far they are, and a way to cancel them. */
export class Uploads {
  readonly #open: OpenNotice
  readonly #sentenceOf: (failure: unknown) => string
  readonly #queue = createQueue(mostAtOnce)
  #batch: Batch | undefined

  constructor({ open, sentenceOf }: { open: OpenNotice; sentenceOf: (failure: unknown) => string }) {
    this.#open = open
    this.#sentenceOf = sentenceOf
  }

  get isBusy(): boolean {
    return this.#batch !== undefined
  }

  /** Sends something when its turn comes; others go on where it fails. */
  async run<T>({ name, size, send }: Sending<T>): Promise<T> {
    const batch = this.#join(name)
    batch.names.push(shortName(name))
    batch.bytes += size
    return this.#within(batch, async (one) => {
      try {
        const made = await this.#queue(() => {
          const { signal } = batch.controller
          signal.throwIfAborted()
          return send({ signal, onProgress: (sent) => tellProgress(batch, one, sent) })
        })
        batch.done += 1
        return made
      } catch (failure) {
        if (failure instanceof Declined) batch.declined += 1
        else if (!batch.controller.signal.aborted) batch.failures.push(failure)
        throw failure
      } finally {
        batch.doneBytes += size
      }
    })
  }

  /** Tells of everything that is sent while something goes on together; the signal is for when it is cancelled. */
  together<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const batch = this.#join(name)
    return this.#within(batch, () => work(batch.controller.signal))
  }

  #join(name: string): Batch {
    this.#batch ??= this.#begin(name)
    return this.#batch
  }

  async #within<T>(batch: Batch, work: (one: object) => Promise<T>): Promise<T> {
    const one = {}
    batch.underWay.set(one, 0)
    try {
      return await work(one)
    } finally {
      batch.underWay.delete(one)
      if (batch.underWay.size === 0) this.#end(batch)
      else batch.notice.say(progressOf(batch))
    }
  }

  #begin(name: string): Batch {
    const controller = new AbortController()
    const notice = this.#open(`Uploading ${shortName(name)}`, () => controller.abort())
    const counts = { bytes: 0, doneBytes: 0, done: 0, declined: 0 }
    return { notice, controller, names: [], underWay: new Map(), failures: [], ...counts }
  }

  #end(batch: Batch): void {
    this.#batch = undefined
    const { names, done, declined, failures, controller, notice } = batch
    const [failure] = failures
    if (controller.signal.aborted) notice.end(`Cancelled: ${outOf(names, done)} uploaded.`, 'info')
    else if (failure) notice.end(`${outOf(names, failures.length)} not uploaded. ${this.#sentenceOf(failure)}`, 'error')
    else if (done === 0) notice.end(`${outOf(names, declined)} not uploaded.`, 'info')
    else notice.end(`${outOf(names, done)} uploaded.`, 'success')
  }
}

function tellProgress(batch: Batch, one: object, sent: number): void {
  batch.underWay.set(one, sent)
  batch.notice.say(progressOf(batch))
}

function progressOf({ names, bytes, doneBytes, underWay }: Batch): string {
  const sent = doneBytes + [...underWay.values()].reduce((sum, one) => sum + one, 0)
  const percent = bytes === 0 ? 0 : Math.floor((100 * sent) / bytes)
  const [name] = names
  return names.length === 1 ? `Uploading ${name}: ${percent} %` : `Uploading ${names.length} files: ${percent} %`
}

function outOf(names: string[], some: number): string {
  if (names.length === 1) return some === 1 ? `${names[0]} is` : 'nothing is'
  if (some === names.length) return `${some} files are`
  return `${some} of ${names.length} files ${some === 1 ? 'is' : 'are'}`
}
