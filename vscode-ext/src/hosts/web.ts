import type { ExtensionContext } from 'vscode'
import { start } from '../extension.ts'

/** What VS Code calls in a web worker. */
export function activate(context: ExtensionContext): void {
  start(context, { fetch: globalThis.fetch.bind(globalThis) })
}
