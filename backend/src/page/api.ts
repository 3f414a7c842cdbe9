import {
  type AnyOperation,
  type CallOptions,
  type Client,
  contract,
  createClient,
  Problem,
  type Session,
  type TransferClient,
} from '@karvdash/common'
import { isAway } from './problems.ts'

/** The API as the page calls it: with the session's CSRF token, patient while the platform is away. */
export interface Api extends TransferClient {
  session(): Session | undefined
  /** Takes what signing in answered, or undefined after signing out. */
  adopt(session: Session | undefined): void
  /** Asks who is signed in. */
  refresh(): Promise<Session | undefined>
  /** Tells that the connection was lost or found by other means than a call. */
  connected(isConnected: boolean): void
}

export interface ApiPorts {
  /** Somebody signed in, or nobody is signed in any more. */
  onSession: (session: Session | undefined) => void
  /** The same person has another name to be called by, or another mail address. */
  onProfile?: (session: Session) => void
  onConnection: (isConnected: boolean) => void
  fetch?: typeof fetch
  wait?: (ms: number) => Promise<void>
}

/** Makes the page's client. */
export function createApi({ onSession, onProfile, onConnection, fetch, wait = sleep }: ApiPorts): Api {
  let session: Session | undefined
  const headers = (): Record<string, string> => (session ? { 'x-karvdash-csrf': session.csrf } : {})
  const client = createClient({ url: '', headers, ...(fetch && { fetch }) })

  /** Calls; reads wait for a platform that is away, changes do not: nobody knows whether they were made. */
  const call: Client['call'] = async (operation, input, options = {}) => {
    for (let tries = 0; ; tries++) {
      try {
        const reply = await client.call(operation, input, options)
        onConnection(true)
        return reply
      } catch (failure) {
        if (options.signal?.aborted || !(await mayTryAgain(failure, { operation, tries, ...options }))) throw failure
      }
    }
  }
  async function mayTryAgain(failure: unknown, attempt: Attempt): Promise<boolean> {
    const { operation, tries, signal } = attempt
    const isRead = operation.method === 'GET'
    onConnection(!isAway(failure))
    if (isAway(failure)) {
      if (isRead) await wait(Math.min(1000 * 2 ** tries, 15_000))
      else void probe()
      return isRead && !signal?.aborted
    }
    if (!(failure instanceof Problem) || operation === contract.getSession) return false
    // A 401 may also be about a password in the request: only the session itself tells whether it ended.
    if (failure.status === 401 && operation !== contract.signIn) await probe()
    return failure.status === 403 && !isRead && tries === 0 && isRenewed(session, await probe())
  }
  async function refresh(): Promise<Session | undefined> {
    const found = await call(contract.getSession).catch((failure: unknown) => {
      if (failure instanceof Problem && failure.status === 401) return undefined
      throw failure
    })
    adopt(found)
    return found
  }
  /** A look at the session that hides nothing: the failure that led to it is the one to tell. */
  function probe(): Promise<Session | undefined> {
    return refresh().catch(() => session)
  }
  function adopt(next: Session | undefined): void {
    const isOther =
      (['name', 'role'] as const).some((one) => next?.user[one] !== session?.user[one]) || next?.actor !== session?.actor
    session = next
    if (isOther) onSession(next)
    else if (next) onProfile?.(next)
  }
  return { ...client, call, session: () => session, adopt, refresh, connected: onConnection }
}

interface Attempt extends CallOptions {
  operation: AnyOperation
  tries: number
}

/** Whether the same person has another CSRF token now, as after signing in again in another tab. */
function isRenewed(before: Session | undefined, after: Session | undefined): boolean {
  return after !== undefined && after.csrf !== before?.csrf && (!before || before.user.name === after.user.name)
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
