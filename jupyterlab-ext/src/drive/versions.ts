import type { CallOptions, Entry } from '@karvdash/common'

/** Which state of each file somebody here has seen: a save goes on only while the file is still in that state. */
export interface Versions {
  /** Somebody was shown this state of a file. */
  saw(path: string, etag: string): void
  /** We wrote a file, and this is what it became. */
  wrote(path: string, entry: Entry): void
  /** What a file became by our own last write, once: whoever asks right after a save asks for that, and not for what came later. */
  takeWritten(path: string): Entry | undefined
  /** What has to hold for a save; undefined where nothing was seen of the file. */
  condition(path: string): CallOptions | undefined
  forget(path: string): void
}

/** Remembers the latest files; a save of one that was forgotten looks at it first. */
export function createVersions(most = 10_000): Versions {
  const seen = new Map<string, string>()
  const written = new Map<string, Entry>()
  function saw(path: string, etag: string): void {
    forget(path)
    seen.set(path, etag)
    const [oldest] = seen.keys()
    if (seen.size > most && oldest !== undefined) forget(oldest)
  }
  function forget(path: string): void {
    seen.delete(path)
    written.delete(path)
  }
  return {
    saw,
    forget,
    wrote(path, entry) {
      saw(path, entry.etag)
      written.set(path, entry)
    },
    takeWritten(path) {
      const entry = written.get(path)
      written.delete(path)
      return entry
    },
    condition(path) {
      const etag = seen.get(path)
      return etag === undefined ? undefined : { ifMatch: etag }
    },
  }
}
