import {
  contract,
  hear,
  listAllServices,
  nothingKnown,
  readEvents,
  ServiceEvent,
  type ServiceNews,
  type ServiceStates,
} from '@karvdash/common'
import { type ISignal, Signal } from '@lumino/signaling'
import type { Jupyter } from '../jupyter.ts'
import type { Session } from '../session.ts'

/** The own services, live while the platform can be used. */
export class ServiceStore {
  readonly #jupyter: Jupyter
  readonly #session: Session
  readonly #changed = new Signal<this, ServiceStates>(this)
  #states = nothingKnown
  #listening: AbortController | undefined

  constructor(jupyter: Jupyter, session: Session) {
    this.#jupyter = jupyter
    this.#session = session
    session.changed.connect(() => this.#follow())
    this.#follow()
  }

  get states(): ServiceStates {
    return this.#states
  }

  get changed(): ISignal<this, ServiceStates> {
    return this.#changed
  }

  tell(news: ServiceNews): void {
    this.#states = hear(this.#states, news)
    this.#changed.emit(this.#states)
  }

  /** One stream for whoever is signed in; who signs out takes what was known along. */
  #follow(): void {
    this.#listening?.abort()
    this.#listening = undefined
    const { state } = this.#session.status
    if (state === 'ready') {
      const listening = new AbortController()
      this.#listening = listening
      void this.#listen(listening.signal)
    } else if (state !== 'away') {
      this.#states = nothingKnown
      this.#changed.emit(this.#states)
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    let waitMs = 1000
    while (!signal.aborted) {
      const isOpened = await this.#hearStream(signal).catch(() => false)
      if (signal.aborted) return
      waitMs = isOpened ? 1000 : Math.min(waitMs * 2, 30_000)
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      // Whether the platform is away, or only the stream was: the session tells, and calls us again.
      if (!signal.aborted) await this.#session.refresh()
    }
  }

  /** Hears one stream to its end; says whether it was one. */
  async #hearStream(signal: AbortSignal): Promise<boolean> {
    const { client } = this.#jupyter
    const { body } = await client.download(contract.watchServices, {}, { signal })
    if (!body) return false
    this.tell({ type: 'opened' })
    void listAllServices(client, { signal }).then(
      (services) => this.tell({ type: 'listed', services }),
      () => undefined,
    )
    for await (const data of readEvents(body)) {
      const event = ServiceEvent.safeParse(JSON.parse(data))
      if (event.success && !signal.aborted) this.tell(event.data)
    }
    return true
  }
}
