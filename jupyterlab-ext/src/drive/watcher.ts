import type { FolderNews } from '@karvdash/common'

/** What follows folders until the signal ends it. */
export type Listen = (
  paths: string[],
  ears: { tell: (news: FolderNews) => void; onLive: (isLive: boolean) => void; signal: AbortSignal },
) => Promise<void>

/** Who shows a folder. */
export interface Viewer {
  path: string
  /** Something in it changed, or may have. */
  changed: () => void
}

/** One stream of what changes in the folders of a domain that are shown, and in no other. */
export class FolderWatcher {
  readonly #listen: Listen
  readonly #viewers = new Map<object, Viewer>()
  #paths = ''
  #listening: AbortController | undefined
  #isLive = false
  #isPossible = false

  constructor(listen: Listen) {
    this.#listen = listen
  }

  /** Whether changes are told at the moment; where not, who shows a folder has to look by itself. */
  get isLive(): boolean {
    return this.#isLive
  }

  /** Whether somebody is signed in to a server that is there. */
  allow(isPossible: boolean): void {
    this.#isPossible = isPossible
    this.#follow()
  }

  /** Somebody shows this folder from now on, or none. */
  show(viewer: object, what: Viewer | undefined): void {
    if (what) this.#viewers.set(viewer, what)
    else this.#viewers.delete(viewer)
    this.#follow()
  }

  #follow(): void {
    const wanted = this.#isPossible ? [...new Set([...this.#viewers.values()].map(({ path }) => path))].sort() : []
    const paths = JSON.stringify(wanted)
    if (paths === this.#paths && (this.#listening || wanted.length === 0)) return
    this.#paths = paths
    this.#listening?.abort()
    this.#listening = undefined
    this.#isLive = false
    if (wanted.length > 0) void this.#begin(wanted)
  }

  async #begin(paths: string[]): Promise<void> {
    const listening = new AbortController()
    const { signal } = listening
    this.#listening = listening
    const onLive = (isLive: boolean) => {
      if (!signal.aborted) this.#isLive = isLive
    }
    // What ends it for good, such as a sign-in that is over, was told by the client already.
    await this.#listen(paths, { signal, onLive, tell: (news) => this.#tell(news, signal) }).catch(() => undefined)
    if (signal.aborted) return
    this.#isLive = false
    this.#listening = undefined
  }

  #tell({ path }: FolderNews, signal: AbortSignal): void {
    if (signal.aborted) return
    for (const viewer of this.#viewers.values()) if (viewer.path === path) viewer.changed()
  }
}
