import { contract, type ImageRepository, type ImageTag, Problem, type TransferClient } from '@karvdash/common'
import { type ISignal, Signal } from '@lumino/signaling'

/** What is known of the registry; undefined where there is none, or nobody asked yet. */
export interface KnownImages {
  repositories: ImageRepository[]
  /** Whether there are more than these. */
  hasMore: boolean
}

const most = 100

/** The repositories of the registry that are looked for, as they were when somebody asked last. */
export class ImageStore {
  readonly #client: TransferClient
  readonly #changed = new Signal<this, void>(this)
  #known: KnownImages | undefined
  readonly #tags = new Map<string, ImageTag[]>()
  #search = ''
  #asking = 0

  constructor(client: TransferClient) {
    this.#client = client
  }

  get known(): KnownImages | undefined {
    return this.#known
  }

  get changed(): ISignal<this, void> {
    return this.#changed
  }

  clear(): void {
    this.#asking += 1
    this.#known = undefined
    this.#tags.clear()
    this.#changed.emit()
  }

  /** Looks for repositories with this in their names. */
  async find(search: string): Promise<void> {
    this.#search = search
    await this.refresh()
  }

  /** Asks anew; where that is not possible now, what was known stays. */
  async refresh(): Promise<void> {
    const mine = ++this.#asking
    const query = { limit: most, ...(this.#search !== '' && { search: this.#search }) }
    const found = await this.#client
      .call(contract.listRepositories, { query })
      .then(({ items, next }) => ({ repositories: items, hasMore: next !== undefined }))
      .catch((failure: unknown) => (failure instanceof Problem && failure.status === 404 ? undefined : this.#known))
    if (mine !== this.#asking) return
    this.#known = found
    this.#changed.emit()
  }

  /** The first tags of a repository; where nobody can be asked now, those that were known. @throws Problem */
  async tags(repository: string): Promise<ImageTag[]> {
    const query = { repository, limit: most }
    const found = await this.#client.call(contract.listImageTags, { query }).then(
      ({ items }) => items,
      (failure: unknown) => {
        const known = this.#tags.get(repository)
        if (known && !(failure instanceof Problem && failure.status < 500)) return known
        throw failure
      },
    )
    this.#tags.set(repository, found)
    return found
  }
}
