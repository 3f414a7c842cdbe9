import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

/** Tells an address of the admin's that somebody signed up and waits. */
export type AnnounceSignUp = (person: { username: string; email: string; displayName: string }) => void

const timeoutMs = 5_000
const pausesMs = [0, 5_000, 30_000]

/** Makes it: nobody who signs up waits for it, and a sign-up counts whether it works or not. An empty address tells nobody. */
export function createAnnounceSignUp({ url, log }: { url: string; log: Logger }): AnnounceSignUp {
  async function announce(body: string): Promise<void> {
    let failure: unknown
    for (const pause of pausesMs) {
      await sleep(pause, undefined, { ref: false })
      try {
        const signal = AbortSignal.timeout(timeoutMs)
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' })
        if (answer.ok) return
        failure = new Error(`It answered ${answer.status}.`)
      } catch (error) {
        failure = error
      }
    }
    log.warn({ err: failure }, 'the sign-up was not announced')
  }
  return ({ username, email, displayName }) => {
    const told = { event: 'sign-up', username, email, displayName, at: new Date().toISOString() }
    if (url !== '') void announce(JSON.stringify(told))
  }
}
