import { ServerConnection } from '@jupyterlab/services'
import { Problem } from '@karvdash/common'
import { type ISignal, Signal } from '@lumino/signaling'
import * as z from 'zod'
import type { Jupyter } from './jupyter.ts'
import { type Status, unknownStatus } from './status.ts'

const Told = z.object({
  state: z.enum(['ready', 'signed-out', 'away', 'refused', 'wrong-version']),
  detail: z.string(),
  url: z.string(),
  kind: z.enum(['pod', 'token', 'none']),
  account: z.object({ name: z.string().optional(), displayName: z.string().optional() }),
})

const DeviceCode = z.object({ code: z.string(), page: z.url(), pageWithCode: z.url() })
/** A code that somebody approves in a browser, and where; the second address has it in it already. */
export type DeviceCode = z.infer<typeof DeviceCode>

const Outcome = z.object({ state: z.enum(['waiting', 'signed-in', 'denied', 'expired', 'none']) })
/** What became of a code; `none`: it was given up. */
export type Outcome = Exclude<z.infer<typeof Outcome>['state'], 'waiting'>

/** Who is signed in to the platform, and whether it can be used. */
export class Session {
  readonly #jupyter: Jupyter
  readonly #changed = new Signal<this, Status>(this)
  #status: Status = unknownStatus
  #asking: Promise<Status> | undefined
  #waitMs = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(jupyter: Jupyter) {
    this.#jupyter = jupyter
  }

  get status(): Status {
    return this.#status
  }

  /** Something that people see is different now. */
  get changed(): ISignal<this, Status> {
    return this.#changed
  }

  /** Asks how things stand; whoever asks meanwhile gets the same answer. */
  refresh(): Promise<Status> {
    clearTimeout(this.#timer)
    this.#asking ??= this.#learn().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  /** A call failed in a way that may have to do with the session. */
  suspect(failure: unknown): void {
    if (!(failure instanceof Problem) || ![401, 502, 503, 504].includes(failure.status)) return
    if (this.#status.state === 'ready') void this.refresh()
  }

  /** @throws Problem that says why not. */
  async signIn(url: string, token: string): Promise<void> {
    await this.#change('POST', { url, token })
  }

  /** Says whether the platform heard of it, where it had to. */
  async signOut(): Promise<boolean> {
    const told = z.object({ isTold: z.boolean() }).parse(await (await this.#change('DELETE')).json())
    return told.isTold
  }

  /** Has the server part ask for a code, with which somebody signs in through a browser. @throws Problem that says why there is none. */
  async beginSignIn(url: string): Promise<DeviceCode> {
    return DeviceCode.parse(await (await this.#ask('device', 'POST', { url })).json())
  }

  /** Waits until it is known what became of the code. */
  async signInOutcome(): Promise<Outcome> {
    for (;;) {
      const { state } = Outcome.parse(await (await this.#ask('device', 'GET')).json())
      // The server part says so now and then, so that no connection is held for minutes.
      if (state === 'waiting') continue
      if (state === 'signed-in') await this.#lookAnew()
      return state
    }
  }

  async cancelSignIn(): Promise<void> {
    await this.#ask('device', 'DELETE')
  }

  async #change(method: 'POST' | 'DELETE', body?: object): Promise<Response> {
    const response = await this.#ask('session', method, body)
    await this.#lookAnew()
    return response
  }

  async #ask(path: string, method: 'GET' | 'POST' | 'DELETE', body?: object): Promise<Response> {
    const response = await this.#jupyter.fetch(path, { method, ...(body && { body: JSON.stringify(body) }) })
    if (!response.ok) throw await Problem.fromResponse(response)
    return response
  }

  /** What was asked before something changed tells nothing of it. */
  async #lookAnew(): Promise<void> {
    await this.#asking
    await this.refresh()
  }

  async #learn(): Promise<Status> {
    const status = await this.#look()
    if (JSON.stringify(status) !== JSON.stringify(this.#status)) {
      this.#status = status
      this.#changed.emit(status)
    }
    // Who is away is asked again, ever more seldom; everything else waits for somebody to do something.
    this.#waitMs = status.state === 'away' ? Math.min(this.#waitMs * 2 || 2000, 30_000) : 0
    if (this.#waitMs > 0) this.#timer = setTimeout(() => void this.refresh(), this.#waitMs)
    return status
  }

  async #look(): Promise<Status> {
    const none = { url: '', kind: 'none' as const, account: {} }
    try {
      const response = await this.#jupyter.fetch('status')
      if (response.status === 404) return { ...none, state: 'no-server-part', detail: '' }
      return Told.parse(await response.json())
    } catch (failure) {
      if (!(failure instanceof ServerConnection.NetworkError)) console.warn('Karvdash: no state', failure)
      return { ...this.#status, state: 'away', detail: 'The Jupyter server cannot be reached at the moment.' }
    }
  }
}
