import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { Problem } from '@karvdash/common'

/** Makes sure that a file system answers. @throws Problem 503 in words where it does not. */
export type Presence = (folder: string) => Promise<void>

export interface PresenceOptions {
  /** Asks the file system of a folder for something that no cache of the kernel can tell. */
  ask?: (folder: string) => Promise<unknown>
  patienceMs?: number
  freshMs?: number
  clock?: () => number
}

/**
 * Makes a presence check. A mount whose server is gone lets whoever touches it wait for ever; the steps of a path are synchronous, so none
 * may be made on such a mount. One question at a time is asked of each; an answer is good for a second.
 */
export function createPresence(options: PresenceOptions = {}): Presence {
  const { ask = statfs, patienceMs = 3000, freshMs = 1000, clock = steady } = options
  const answeredAt = new Map<string, number>()
  const asked = new Map<string, { answer: Promise<void>; at: number }>()
  async function question(folder: string): Promise<void> {
    try {
      await ask(folder)
      answeredAt.set(folder, clock())
    } finally {
      asked.delete(folder)
    }
  }
  return async (folder) => {
    if (clock() - (answeredAt.get(folder) ?? -freshMs) < freshMs) return
    const pending = asked.get(folder) ?? { answer: question(folder), at: clock() }
    asked.set(folder, pending)
    // Whoever comes while one that was waited for in vain is still open waits no more.
    await within(pending.answer, pending.at + patienceMs - clock()).catch(() => {
      throw new Problem(503, 'Not available', {
        detail: 'The storage behind this domain does not answer at the moment; the other domains go on. Try again shortly.',
        extra: { code: 'domain-away', retryAfter: 5 },
      })
    })
  }
}

/** The time of day may be put back, and an answer would be good for as long. */
const steady = () => performance.now()

/** Whether the file system of a folder lets us write: root is refused only by one that is read-only. */
export async function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
}

async function within(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
