import { type FilePath, Problem, watchFolders } from '@karvdash/common'
import type * as vscode from 'vscode'
import type { Connection } from '../connection/connection.ts'
import type { TreeChange } from './listings.ts'
import type { Location } from './location.ts'
import { type Remote, refused, remoteDomain } from './remote.ts'
import { Tree } from './tree.ts'
import { Watcher } from './watcher.ts'

/** What is known of a domain, who watches it, and the domain itself. */
export interface Branch {
  tree: Tree
  remote: Remote
  watcher: Watcher
}

/** Where an address leads. */
export type Found = Extract<Location, { kind: 'entry' }> & Branch & { key: string; uri: vscode.Uri }

export interface BranchPorts {
  connection: Connection
  /** What others changed, at a server and in a domain of it. */
  onChange: (at: { authority: string; domain: Found['domain'] }, changes: TreeChange[]) => void
}

/** The domains that were asked for, of each server. */
export class Branches {
  private readonly ports: BranchPorts
  private readonly all = new Map<string, Branch & { authority: string; watches: number }>()
  private isConnected = false

  constructor(ports: BranchPorts) {
    this.ports = ports
  }

  /** @throws Problem where an address leads to nothing in a domain. */
  find(uri: vscode.Uri, location: Location): Found {
    if (location.kind === 'impossible') throw new Problem(400, 'Not a name', { detail: location.reason })
    if (location.kind !== 'entry') throw refused('Only what lies in a domain can be changed.', 'no-permission')
    const { tree, remote, watcher } = this.branch(uri.authority.toLowerCase(), location.domain)
    const name = nameOfBranch(uri.authority, location.domain)
    const key = location.path === '' ? name : `${name}/${location.path}`
    return { ...location, tree, remote, watcher, uri, key }
  }

  /** Somebody wants to know what happens in a domain; gives what ends that. */
  watch(authority: string, domain: Found['domain']): () => void {
    const branch = this.branch(authority.toLowerCase(), domain)
    branch.watches += 1
    this.follow()
    let isEnded = false
    return () => {
      if (isEnded) return
      isEnded = true
      branch.watches -= 1
      this.follow()
    }
  }

  /** Whether somebody is signed in whose streams may go on. */
  connected(isConnected: boolean): void {
    this.isConnected = isConnected
    this.follow()
  }

  /** The domains of one server. */
  of(authority: string): Branch[] {
    return [...this.all.values()].filter((branch) => branch.authority === authority)
  }

  private follow(): void {
    for (const { watcher, watches } of this.all.values()) {
      if (this.isConnected && watches > 0) watcher.start()
      else watcher.stop()
    }
  }

  private branch(authority: string, domain: Found['domain']) {
    const name = nameOfBranch(authority, domain)
    const branch = this.all.get(name) ?? { ...this.grow(authority, domain), authority, watches: 0 }
    this.all.set(name, branch)
    return branch
  }

  private grow(authority: string, domain: Found['domain']): Branch {
    const { connection, onChange } = this.ports
    const remote = remoteDomain(connection, domain)
    const tree = new Tree(remote, {
      onChange: (changes) => onChange({ authority, domain }, changes),
      isWatched: (path) => watcher.covers(path),
    })
    const watcher = new Watcher({
      follow: (paths, following) => connection.with(({ client }) => watchFolders(client, { domain, paths, ...following })),
      changed: tree.hear,
      gone: (path) => void lost(path, tree, watcher),
    })
    return { tree, remote, watcher }
  }
}

/** Another folder that took the place of one that people see is in sight as that one was. */
async function lost(path: FilePath, tree: Tree, watcher: Watcher): Promise<void> {
  if (!(await tree.isGone(path))) watcher.show(path)
}

function nameOfBranch(authority: string, domain: string): string {
  return `${authority.toLowerCase()}/${domain}`
}
