import { type FilePath, type FolderNews, mostWatched } from '@karvdash/common'

export interface WatcherPorts {
  /** Follows these folders until the signal ends it. */
  follow(paths: FilePath[], following: Following): Promise<void>
  /** Something changed in a folder: these names, or anything. */
  changed(path: FilePath, names?: string[]): void
  gone(path: FilePath): void
  /** Does something soon; gives what keeps it from that. */
  soon?: (act: () => void) => () => void
}

export interface Following {
  tell: (news: FolderNews) => void
  onLive: (isLive: boolean) => void
  signal: AbortSignal
}

/** One stream, and which of its folders it was heard of. */
interface Stream {
  paths: Set<FilePath>
  heard: Set<FilePath>
  isLive: boolean
  end: AbortController
}

const soonMs = 250

/**
 * Watches the folders of a domain that people see: those that were asked for last, as many as one stream takes. When others come into sight a
 * second stream takes over before the first one ends: nothing is missed, and nothing that is watched already is listed again.
 */
export class Watcher {
  private readonly ports: WatcherPorts
  private readonly seen = new Set<FilePath>()
  private current: Stream | undefined
  private next: Stream | undefined
  private isWanted = false
  private cancel: (() => void) | undefined

  constructor(ports: WatcherPorts) {
    this.ports = ports
  }

  /** A folder is in sight. */
  show(path: FilePath): void {
    this.seen.delete(path)
    this.seen.add(path)
    for (const oldest of this.seen) {
      if (this.seen.size <= mostWatched) break
      this.seen.delete(oldest)
    }
    this.later()
  }

  /** Whether all that happens in a folder is told. */
  covers(path: FilePath): boolean {
    return this.current?.isLive === true && this.current.heard.has(path)
  }

  /** Begins, or goes on. */
  start(): void {
    this.isWanted = true
    this.later()
  }

  /** Ends what is under way; what was in sight is so still. */
  stop(): void {
    this.isWanted = false
    this.cancel?.()
    for (const stream of [this.current, this.next]) stream?.end.abort()
    this.cancel = this.current = this.next = undefined
  }

  private later(): void {
    if (!this.isWanted || this.cancel) return
    this.cancel = (this.ports.soon ?? afterSoon)(() => {
      this.cancel = undefined
      this.open()
    })
  }

  private open(): void {
    const latest = this.next ?? this.current
    if (this.seen.size === 0 || [...this.seen].every((path) => latest?.paths.has(path))) return
    this.next?.end.abort()
    const stream: Stream = { paths: new Set(this.seen), heard: new Set(), isLive: false, end: new AbortController() }
    this.next = stream
    const following: Following = {
      signal: stream.end.signal,
      onLive: (isLive) => (stream.isLive = isLive),
      tell: (news) => stream.end.signal.aborted || this.hear(stream, news),
    }
    void this.ports.follow([...stream.paths], following).then(
      () => this.ended(stream),
      () => this.ended(stream),
    )
  }

  private hear(stream: Stream, news: FolderNews): void {
    const { path } = news
    if (news.type === 'gone') {
      this.lose(stream, path)
    } else if (news.names === undefined && !stream.heard.has(path)) {
      const isKnown = stream !== this.current && this.covers(path)
      stream.heard.add(path)
      if (!isKnown) this.ports.changed(path)
    } else this.ports.changed(path, news.names)
    if (stream === this.next && stream.heard.size === stream.paths.size) this.take(stream)
  }

  private lose(stream: Stream, path: FilePath): void {
    stream.paths.delete(path)
    stream.heard.delete(path)
    this.seen.delete(path)
    this.ports.gone(path)
  }

  /** All of it is live: the one before has nothing to tell any more. */
  private take(stream: Stream): void {
    const before = this.current
    this.current = stream
    this.next = undefined
    before?.end.abort()
  }

  private ended(stream: Stream): void {
    if (this.current === stream) this.current = undefined
    if (this.next === stream) this.next = undefined
  }
}

function afterSoon(act: () => void): () => void {
  const timer = setTimeout(act, soonMs)
  return () => clearTimeout(timer)
}
