import { contract, type SavedLaunch, type TemplateList, type TransferClient } from '@karvdash/common'
import { type ISignal, Signal } from '@lumino/signaling'

/** What may be launched. */
export interface Catalogue extends Pick<TemplateList, 'items' | 'broken'> {
  launches: SavedLaunch[]
}

const nothing: Catalogue = { items: [], broken: [], launches: [] }

/** The templates and saved launches, as they were when somebody asked last. */
export class TemplateStore {
  readonly #client: TransferClient
  readonly #changed = new Signal<this, void>(this)
  #catalogue = nothing
  #asking = 0

  constructor(client: TransferClient) {
    this.#client = client
  }

  get catalogue(): Catalogue {
    return this.#catalogue
  }

  get changed(): ISignal<this, void> {
    return this.#changed
  }

  /** Forgets all of it: it was somebody's. */
  clear(): void {
    this.#asking += 1
    this.#catalogue = nothing
    this.#changed.emit()
  }

  /** Asks for all of it; where that is not possible now, what was known stays. */
  async refresh(): Promise<void> {
    const mine = ++this.#asking
    const [templates, launches] = await Promise.all([
      this.#client.call(contract.listTemplates),
      this.#client.call(contract.listLaunches),
    ]).catch(() => [])
    if (!templates || !launches || mine !== this.#asking) return
    const found = { items: templates.items, broken: templates.broken, launches: launches.items }
    // What is drawn anew takes the button away that somebody is pressing, and the focus with it.
    if (JSON.stringify(found) === JSON.stringify(this.#catalogue)) return
    this.#catalogue = found
    this.#changed.emit()
  }
}
