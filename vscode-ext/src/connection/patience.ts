import { pause } from '@karvdash/common'
import type { Connection } from './connection.ts'

/** Waits so long, or until the server is there again, or until nobody wants it any more. */
export type Patience = (ms: number, signal?: AbortSignal) => Promise<void>

/** Makes what waits for trouble to pass: the first who reaches the server again has all others go on. */
export function patienceOf(connection: Pick<Connection, 'onChange'>): Patience {
  return async (ms, signal) => {
    const back = new AbortController()
    const forget = connection.onChange(({ state }) => state === 'connected' && back.abort())
    await pause(ms, AbortSignal.any([back.signal, ...(signal ? [signal] : [])]))
    forget()
  }
}
