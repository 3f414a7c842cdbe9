import { contract, type DomainName, type Entry, type FilePath, watchFolders } from '@karvdash/common'
import type { Api } from '../api.ts'

/** A folder, as far as it is shown. */
export interface FolderView {
  entries: readonly Entry[]
  hasMore: boolean
}

export interface FolderPlan {
  api: Api
  domain: DomainName
  path: FilePath
  signal: AbortSignal
  onView: (view: FolderView) => void
  /** It cannot be shown: it is away, gone or no folder. */
  onFailure: (failure: unknown) => void
  onGone: () => void
}

const pageSize = 200
const longestPage = 5000
/** However fast a folder changes, it is not listed more often. */
const restMs = 300

/** Lists a folder, and lists it again when it changes. */
export function openFolder(plan: FolderPlan): { more(): Promise<void>; again(): void } {
  const { api, domain, path, signal, onView, onFailure } = plan
  let wanted = pageSize
  let isListing = false
  let isStale = false

  async function list(): Promise<void> {
    const entries: Entry[] = []
    let cursor: string | undefined
    do {
      const query = { path, limit: Math.min(wanted - entries.length, longestPage), ...(cursor !== undefined && { cursor }) }
      const page = await api.call(contract.listEntries, { params: { domain }, query }, { signal })
      entries.push(...page.items)
      cursor = page.next
    } while (cursor !== undefined && entries.length < wanted)
    if (!signal.aborted) onView({ entries, hasMore: cursor !== undefined })
  }
  async function refresh(): Promise<void> {
    isStale = true
    if (isListing) return
    isListing = true
    while (isStale && !signal.aborted) {
      isStale = false
      await list().catch((failure: unknown) => signal.aborted || onFailure(failure))
      await new Promise((resolve) => setTimeout(resolve, restMs))
    }
    isListing = false
  }
  void refresh()
  watchFolders(api, {
    ...{ domain, paths: [path], signal },
    tell: ({ type }) => (type === 'gone' ? plan.onGone() : void refresh()),
  }).catch(ignore)
  return {
    async more() {
      wanted += pageSize
      await list().catch(onFailure)
    },
    again: () => void refresh(),
  }
}

/** A list that does not follow changes is a list all the same; who is signed out hears it from elsewhere. */
function ignore(): void {}
