import type { FilePath, FolderEvent } from '@karvdash/common'
import type { FolderListener } from '../filesystem/watched-folder.ts'
import type { Watching } from './folder-events.ts'

/** An event without the id that its place in the stream gives it. */
type News = { type: 'changed'; path: FilePath; names?: string[] } | { type: 'gone'; path: FilePath }

interface Reading {
  opening: 'ready' | 'reset'
  position: number
  mayGoOn: () => boolean
}

const mostKept = 256

/** What happened in some folders, the last of it kept, for one reader at a time: one who comes back after a while goes on where they were. */
export class FolderStream {
  readonly key: string
  readonly watching: Watching
  readonly #onIdle: (stream: FolderStream) => () => void
  readonly #watches = new Map<FilePath, Disposable>()
  #news: News[] = []
  /** How many came before those that are kept. */
  #dropped = 0
  #wake: () => void = () => undefined
  /** Whoever opens it reads it in a moment. */
  #reader: object | undefined = {}
  #stopLingering: () => void = () => undefined

  constructor(key: string, watching: Watching, onIdle: (stream: FolderStream) => () => void) {
    this.key = key
    this.watching = watching
    this.#onIdle = onIdle
  }

  /** What the watch of a folder tells goes into the stream. */
  listenerFor(path: FilePath): FolderListener {
    return {
      changed: (what) => this.#add({ type: 'changed', path, ...(what !== 'anything' && { names: [...what] }) }),
      gone: () => this.#add({ type: 'gone', path }),
    }
  }

  /** Keeps a watch for as long as the stream is. */
  hold(path: FilePath, watch: Disposable): void {
    this.#watches.set(path, watch)
  }

  end(): void {
    this.#stopLingering()
    for (const watch of this.#watches.values()) watch[Symbol.dispose]()
    this.#watches.clear()
  }

  /** Whether nobody reads it. */
  isIdle(): boolean {
    return this.#reader === undefined
  }

  isFor({ user, domain, paths }: Watching): boolean {
    const mine = this.watching
    return user === mine.user && domain === mine.domain && JSON.stringify(paths) === JSON.stringify(mine.paths)
  }

  /** Whether all that came after this many events is still kept. */
  reaches(position: number): boolean {
    return Number.isInteger(position) && position >= this.#dropped && position <= this.#end
  }

  /** What comes after so many events. Who reads takes the place of who read before. */
  read(opening: 'ready' | 'reset', position: number, signal: AbortSignal): AsyncGenerator<FolderEvent> {
    const reader = {}
    this.#reader = reader
    this.#stopLingering()
    this.#wake()
    signal.addEventListener('abort', () => this.#wake(), { once: true })
    return this.#told(reader, { opening, position, mayGoOn: () => this.#reader === reader && !signal.aborted })
  }

  async *#told(reader: object, { opening, position, mayGoOn }: Reading): AsyncGenerator<FolderEvent> {
    try {
      yield { type: opening, id: this.#idAt(position) }
      for (let next = position; mayGoOn(); ) {
        const news = this.#news[next - this.#dropped]
        if (next < this.#dropped) {
          next = this.#end
          yield { type: 'reset', id: this.#idAt(next) }
        } else if (news) yield { ...news, id: this.#idAt(++next) }
        else await this.#more()
      }
    } finally {
      if (this.#reader === reader) this.#idle()
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #idle(): void {
    this.#reader = undefined
    this.#stopLingering = this.#onIdle(this)
  }

  get #end(): number {
    return this.#dropped + this.#news.length
  }

  #idAt(position: number): string {
    return `${this.key}-${position}`
  }

  #add(news: News): void {
    this.#news.push(news)
    this.#dropped += this.#news.splice(0, this.#news.length - mostKept).length
    this.#wake()
  }
}
