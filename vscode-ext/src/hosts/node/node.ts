import { readFileSync } from 'node:fs'
import type { ExtensionContext } from 'vscode'
import { start } from '../../extension.ts'
import { ambientCredentials } from './ambient.ts'

/** What VS Code calls in Node. */
export function activate(context: ExtensionContext): void {
  start(context, { ambient: ambientCredentials(process.env, (file) => readFileSync(file, 'utf8')) })
}
