import { backoffMs, pause } from './backoff.ts'
import type { TransferClient } from './client.ts'
import { contract } from './contract.ts'
import { FilePath } from './entry-path.ts'
import type { FolderEvent } from './folder-events.ts'
import { liveEvents } from './live-events.ts'
import { Problem } from './problem.ts'
import type { DomainName } from './storage.ts'

/** What becomes of a folder that is watched. */
export type FolderNews =
  /** These names changed in it. Where they are left out it has to be listed (again): that comes first for each folder. */
  | { type: 'changed'; path: FilePath; names?: string[] | undefined }
  /** Its path leads to no folder any more, or to another. Nothing more is told of it. */
  | { type: 'gone'; path: FilePath }

export interface FolderWatch {
  domain: DomainName
  /** At most 64. */
  paths: readonly string[]
  tell: (news: FolderNews) => void
  /** Told when all that happens from now on will be told, and when that has ended, for a while or for good. */
  onLive?: (isLive: boolean) => void
  signal: AbortSignal
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * Tells what changes in folders until the signal ends it or none is left: comes back, ever more patiently, where the connection is lost.
 * @example
 * void watchFolders(client, { domain: 'local', paths: ['data'], signal, tell: ({ path }) => list(path) }).catch(show)
 * @throws Problem whatever the server refused for and no waiting helps: 400, 401, 403.
 */
export async function watchFolders(client: TransferClient, watch: FolderWatch): Promise<void> {
  const { signal, wait = pause } = watch
  let isLive = false
  const live = (now: boolean) => {
    if (now !== isLive) watch.onLive?.(now)
    isLive = now
  }
  const state: Watching = { paths: watch.paths.map((path) => FilePath.parse(path)), lastEventId: undefined }
  let failures = 0
  const onOpen = () => {
    failures = 0
    live(true)
  }
  for (; !signal.aborted && state.paths.length > 0; failures++) {
    try {
      await follow(client, watch, { state, onOpen })
    } catch (failure) {
      if (signal.aborted) return
      await settle(failure, { client, watch, state })
    } finally {
      live(false)
    }
    await wait(backoffMs(failures), signal)
  }
}

interface Watching {
  paths: FilePath[]
  lastEventId: string | undefined
}

interface Following {
  state: Watching
  onOpen: () => void
}

async function follow(
  client: TransferClient,
  { domain, tell, signal }: FolderWatch,
  { state, onOpen }: Following,
): Promise<void> {
  const { lastEventId, paths } = state
  const events = liveEvents(client, [contract.watchFolders, { params: { domain }, query: { path: paths } }], {
    signal,
    lastEventId,
  })
  for await (const event of events) {
    onOpen()
    for (const news of hearEvent(event, state)) tell(news)
    if (state.paths.length === 0) return
  }
}

/** What an event says to whoever shows the folders. */
function hearEvent(event: FolderEvent, state: Watching): FolderNews[] {
  const isFirst = state.lastEventId === undefined
  state.lastEventId = event.id
  if (event.type === 'ready' && !isFirst) return []
  if (event.type === 'ready' || event.type === 'reset') return state.paths.map((path) => ({ type: 'changed', path }))
  if (event.type === 'gone') state.paths = state.paths.filter((path) => path !== event.path)
  return [event.type === 'gone' ? { type: 'gone', path: event.path } : { type: 'changed', path: event.path, names: event.names }]
}

interface Failed {
  client: TransferClient
  watch: FolderWatch
  state: Watching
}

/** One folder that is gone refuses all of them: finds out which it is, and goes on without it. */
async function settle(failure: unknown, { client, watch, state }: Failed): Promise<void> {
  const status = failure instanceof Problem ? failure.status : 503
  if ([400, 401, 403].includes(status)) throw failure
  if (status !== 404 && status !== 409) return
  for (const path of [...state.paths]) {
    if (await isFolder(client, watch, path)) continue
    state.paths = state.paths.filter((one) => one !== path)
    watch.tell({ type: 'gone', path })
  }
}

async function isFolder(client: TransferClient, { domain, signal }: FolderWatch, path: FilePath): Promise<boolean> {
  const entry = client.call(contract.getEntry, { params: { domain }, query: { path } }, { signal })
  return entry.then(
    ({ type }) => type === 'folder',
    (failure: unknown) => !(failure instanceof Problem && failure.status < 500),
  )
}
