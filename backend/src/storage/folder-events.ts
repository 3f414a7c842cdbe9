import { randomBytes } from 'node:crypto'
import { type DomainName, type FilePath, type FolderEvent, tooMany } from '@karvdash/common'
import type { WatchTarget } from '../filesystem/watched-folder.ts'
import type { Watches } from '../filesystem/watches.ts'
import { FolderStream } from './folder-stream.ts'

/** What somebody wants to be told of. */
export interface Watching {
  user: string
  domain: DomainName
  paths: readonly FilePath[]
  /** The event after which to go on. */
  lastEventId?: string | undefined
}

/** Streams of what changes in folders. */
export interface FolderEvents {
  /** @throws Problem 429 where there are too many streams or folders; 404, 409, 503 as the folders are. */
  open(watching: Watching, signal: AbortSignal): Promise<AsyncGenerator<FolderEvent>>
}

export interface FolderEventsPorts {
  watches: Watches
  /** The way to a folder that a user sees. @throws Problem 503. */
  targetOf: (user: string, domain: DomainName, path: FilePath) => Promise<WatchTarget>
  after: (ms: number, act: () => void) => () => void
  bounds?: Bounds
}

/** How many streams and folders there may be, for one user and in all. */
export interface Bounds {
  ofUser: Size
  inAll: Size
}

interface Size {
  streams: number
  folders: number
}

const usualBounds: Bounds = { ofUser: { streams: 32, folders: 512 }, inAll: { streams: 2000, folders: 8192 } }
/** A stream that broke off is kept for whoever comes back. */
const lingerMs = 30_000

/** Makes streams of what changes in folders; each replica knows its own. */
export function createFolderEvents({ watches, targetOf, after, bounds = usualBounds }: FolderEventsPorts): FolderEvents {
  const streams = new Map<string, FolderStream>()
  function end(stream: FolderStream): void {
    streams.delete(stream.key)
    stream.end()
  }
  /** Makes room by ending what nobody reads any more, the oldest first. */
  function admit({ user, paths }: Watching): void {
    const mine = () => [...streams.values()].filter(({ watching }) => watching.user === user)
    const all = () => [...streams.values()]
    const full = 'are watched for you at the moment: close a window, or list them now and then instead.'
    makeRoom(mine, paths.length, { ...bounds.ofUser, refusal: `As many folders as one user may have ${full}` })
    makeRoom(all, paths.length, {
      ...bounds.inAll,
      refusal: 'Too many folders are watched at the moment: list them now and then.',
    })
  }
  function makeRoom(among: () => FolderStream[], folders: number, most: Size & { refusal: string }): void {
    for (;;) {
      const there = among()
      const total = there.reduce((sum, { watching }) => sum + watching.paths.length, folders)
      if (there.length < most.streams && total <= most.folders) return
      const idle = there.find((stream) => stream.isIdle())
      if (!idle) throw tooMany(most.refusal, 30)
      end(idle)
    }
  }
  async function begin(watching: Watching): Promise<FolderStream> {
    admit(watching)
    const onIdle = (stream: FolderStream) => after(lingerMs, () => stream.isIdle() && end(stream))
    const stream = new FolderStream(randomBytes(12).toString('hex'), watching, onIdle)
    streams.set(stream.key, stream)
    try {
      for (const path of watching.paths) {
        const target = await targetOf(watching.user, watching.domain, path)
        stream.hold(path, await watches.watch(target, stream.listenerFor(path)))
      }
    } catch (error) {
      end(stream)
      throw error
    }
    return stream
  }
  return {
    async open(asked, signal) {
      const watching = { ...asked, paths: [...new Set(asked.paths)].sort() }
      const [key = '', position = ''] = watching.lastEventId?.split('-') ?? []
      const known = streams.get(key)
      if (known?.isFor(watching) && known.reaches(Number(position))) return known.read('ready', Number(position), signal)
      const stream = await begin(watching)
      return stream.read(watching.lastEventId === undefined ? 'ready' : 'reset', 0, signal)
    },
  }
}
