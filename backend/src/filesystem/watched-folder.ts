import { fstatSync } from 'node:fs'
import { Problem } from '@karvdash/common'
import { type Difference, difference, type Glance, glance, stampOf } from './glance.ts'
import type { Held } from './held.ts'
import { isToldAll, listen } from './inotify.ts'
import type { ReadNames } from './listing.ts'

/** A folder to watch. */
export interface WatchTarget {
  /** One for each path of each root. */
  key: string
  /** Goes there anew. @throws Problem where it is no folder any more, or is away. */
  hold: () => Promise<Held>
}

/** Who is told of a folder. */
export interface FolderListener {
  /** These names changed; where too many did, or nobody knows which, `anything`. */
  changed(what: Difference): void
  /** Its path leads to another folder, or to none. Nothing more is told. */
  gone(): void
}

export interface WatchedPorts {
  readNames: ReadNames
  /** Calls back after some milliseconds, unless what it gives is called first. */
  after: (ms: number, act: () => void) => () => void
  /** Whether inotify tells all of the file system of a folder. */
  isToldAll?: (folder: Held) => boolean
}

const coalesceMs = 100
/** Polling, and the look whether the path still leads to the same folder. */
const lookMs = 3_000
/** More events than this between two looks, and the folder is polled: a program cannot keep us busy with nothing else. */
const mostEvents = 5_000

/** One folder, watched for all who show it: by inotify, or by looking at it every three seconds. */
export class WatchedFolder {
  readonly listeners = new Set<FolderListener>()
  readonly identity: string
  readonly #target: WatchTarget
  readonly #ports: WatchedPorts & { onGone: () => void }
  readonly #news = new Gathered()
  #ear: Disposable | undefined
  #glance: Glance | undefined
  #stamp: string
  #events = 0
  #state: 'waiting' | 'due' | 'looking' | 'over' = 'waiting'
  #cancel: () => void = () => undefined

  /** @param folder what the target leads to now; it is not needed any more afterwards. */
  constructor(target: WatchTarget, folder: Held, ports: WatchedPorts & { onGone: () => void }) {
    this.#target = target
    this.#ports = ports
    this.identity = identityOf(folder)
    this.#stamp = stampOf(folder)
    const { isToldAll: mayListen = isToldAll } = ports
    if (mayListen(folder))
      this.#ear = listen(folder, { heard: (name, isPart) => this.#hear(name, isPart), deaf: () => this.#stopListening() })
    this.#lookAfter(lookMs)
  }

  /** Remembers how a folder that is polled looks now. */
  async begin(folder: Held): Promise<void> {
    if (!this.#ear) this.#glance = await glance(folder, this.#ports.readNames)
  }

  end(): void {
    this.#state = 'over'
    this.#cancel()
    this.#stopListening()
  }

  #stopListening(): void {
    this.#ear?.[Symbol.dispose]()
    this.#ear = undefined
  }

  #hear(name: string | undefined, isPart: boolean): void {
    if (++this.#events > mostEvents) {
      this.#stopListening()
      this.#news.note('anything')
    }
    if (isPart) return
    this.#news.note(name === undefined ? 'anything' : [name])
    if (this.#state === 'waiting') this.#lookAfter(coalesceMs)
  }

  #lookAfter(ms: number): void {
    this.#cancel()
    this.#state = ms === coalesceMs ? 'due' : 'waiting'
    this.#cancel = this.#ports.after(ms, () => {
      this.#state = 'looking'
      void this.#look().then((isThere) => {
        if (this.#state === 'looking') this.#lookAfter(isThere && this.#news.isAny() ? coalesceMs : lookMs)
      })
    })
  }

  /** Goes to the path: while it leads to the folder that is watched, what became of that is told. False where it is away. */
  async #look(): Promise<boolean> {
    try {
      using folder = await this.#target.hold()
      if (identityOf(folder) !== this.identity) this.#tellGone()
      else await this.#compare(folder)
      this.#tell()
      return true
    } catch (error) {
      if (error instanceof Problem && error.status < 500) this.#tellGone()
      // It is away: nobody knows what happens there meanwhile.
      this.#news.note('anything')
      return false
    }
  }

  async #compare(folder: Held): Promise<void> {
    if (this.#ear) {
      const stamp = stampOf(folder)
      // The kernel drops events when there are too many of them, and Node does not say so.
      if (stamp !== this.#stamp && this.#events === 0) this.#news.note('anything')
      this.#stamp = stamp
      this.#events = 0
      return
    }
    const before = this.#glance
    this.#glance = await glance(folder, this.#ports.readNames, before)
    if (before) this.#news.note(difference(before, this.#glance))
  }

  #tell(): void {
    if (this.#state === 'over' || !this.#news.isAny()) return
    const what = this.#news.take()
    for (const listener of this.listeners) listener.changed(what)
  }

  #tellGone(): void {
    if (this.#state === 'over') return
    this.end()
    this.#ports.onGone()
    for (const listener of this.listeners) listener.gone()
  }
}

const mostNames = 50

/** What became known since it was last told. */
class Gathered {
  #names = new Set<string>()
  #isAnything = false

  note(what: Difference): void {
    for (const name of what === 'anything' ? [] : what) this.#names.add(name)
    this.#isAnything ||= what === 'anything' || this.#names.size > mostNames
    if (this.#isAnything) this.#names.clear()
  }

  isAny(): boolean {
    return this.#isAnything || this.#names.size > 0
  }

  take(): Difference {
    const what = this.#isAnything ? 'anything' : [...this.#names]
    this.#names.clear()
    this.#isAnything = false
    return what
  }
}

/** Which folder it is. While it is watched by inotify its number is not given to another. */
export function identityOf(folder: Held): string {
  const { dev, ino } = fstatSync(folder.fd, { bigint: true })
  return `${dev}:${ino}`
}
