import { Refusal, type Tokens } from './endpoints.ts'

/** Does work while nobody else does, in this window or another. */
export type Alone = <T>(work: () => Promise<T>) => Promise<T>

export interface GrantPorts {
  /** What is kept; undefined: somebody signed out, or in as somebody else. */
  read: () => Promise<Tokens | undefined>
  write: (tokens: Tokens) => Promise<void>
  refresh: (token: string) => Promise<Tokens>
  alone: Alone
  now?: () => number
  random?: () => number
}

const aheadMs = 60_000

/**
 * The access token as it is now. Whoever asks while it is renewed waits for that; `refused` is one that the server did not take.
 * An answer that was refused already says that there is no other: the person has to sign in.
 * @throws Problem where the server cannot be asked.
 */
export function createGrant({ read, write, refresh, alone, now = Date.now, random = Math.random }: GrantPorts) {
  // Windows do not all come at the same time: who comes later finds what the first one kept.
  const margin = aheadMs * (1 + random())
  let held: Tokens | undefined
  let spent: string | undefined
  let renewing: Promise<Tokens | undefined> | undefined

  const isGood = (tokens: Tokens, refused?: string) => tokens.access !== refused && tokens.expiresAt - margin > now()

  async function renew(refused: string | undefined): Promise<Tokens | undefined> {
    const kept = await read()
    if (!kept || isGood(kept, refused) || kept.refresh === spent) return kept
    try {
      const next = await refresh(kept.refresh)
      // A refresh token is good for one use: before anything is done with this one, the next is safe.
      await write(next)
      return next
    } catch (failure) {
      if (failure instanceof Refusal && failure.code === 'invalid_grant') spent = kept.refresh
      // What is still good serves until the server is there again.
      else if (kept.access === refused || kept.expiresAt <= now()) throw failure
      return kept
    }
  }
  return async (refused?: string): Promise<string> => {
    if (held && isGood(held, refused)) return held.access
    renewing ??= alone(() => renew(refused)).finally(() => {
      renewing = undefined
    })
    held = await renewing
    return held?.access ?? ''
  }
}
