import { Problem, pause } from '@karvdash/common'
import { ProgressLocation, window } from 'vscode'
import { createMeter } from './meter.ts'

/** How work that takes long tells how far it is, and hears that nobody wants it any more. */
export interface Underway {
  signal: AbortSignal
  /** Bytes, or anything else that grows to `total`. */
  report(done: number, total: number | undefined): void
  /** What it is at. */
  say(message: string): void
}

/** Work that is done sooner shows nothing. */
const patienceMs = 1000

/** What work ends with that somebody cancelled; VS Code words it as a failure, people know it already. */
class Cancelled extends Problem {
  constructor(title: string) {
    super(499, 'Cancelled', { detail: `${title}: cancelled.` })
  }
}

/** Whether a failure is that somebody cancelled. */
export function isCancelled(failure: unknown): boolean {
  return failure instanceof Cancelled
}

/**
 * Does work; where it takes longer than a moment, a notification tells how far it is and can cancel it.
 * @throws Problem that {@link isCancelled} knows; whatever the work throws.
 */
export async function underway<T>(title: string, work: (underway: Underway) => Promise<T>): Promise<T> {
  const end = new AbortController()
  const meter = createMeter()
  const working = work({ signal: end.signal, report: meter.report, say: meter.say }).catch((failure: unknown) => {
    throw end.signal.aborted ? new Cancelled(title) : failure
  })
  const over = new AbortController()
  const overThen = () => over.abort()
  working.then(overThen, overThen)
  void pause(patienceMs, over.signal).then(() => {
    if (over.signal.aborted) return
    void window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
      token.onCancellationRequested(() => end.abort(new Cancelled(title)))
      meter.follow((news) => progress.report(news))
      await working.catch(() => undefined)
    })
  })
  return working
}
