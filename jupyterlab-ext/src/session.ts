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
    this.#asking ??= this.#ask().finally(() => {
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

  async signOut(): Promise<void> {
    await this.#change('DELETE')
  }

  async #change(method: 'POST' | 'DELETE', body?: object): Promise<void> {
    const response = await this.#jupyter.fetch('session', { method, ...(body && { body: JSON.stringify(body) }) })
    if (!response.ok) throw await Problem.fromResponse(response)
    await this.#asking
    await this.refresh()
  }

  async #ask(): Promise<Status> {
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
