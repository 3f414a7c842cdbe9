import type { ExtensionContext } from 'vscode'
import { start } from '../extension.ts'
import type { Alone } from '../oauth/grant.ts'
import { lentDisk } from '../transfers/lent-disk.ts'

/** What VS Code calls in a web worker. */
export function activate(context: ExtensionContext): void {
  const fetch = globalThis.fetch.bind(globalThis)
  // Pages that came over plain HTTP have no locks.
  const alone: Alone = (work) => (navigator.locks ? navigator.locks.request('karvdash', work) : work())
  start(context, { fetch, machine: 'a browser', alone, disk: lentDisk })
}
