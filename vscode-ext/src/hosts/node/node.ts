import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import type { ExtensionContext } from 'vscode'
import { start } from '../../extension.ts'
import { ambientCredentials } from './ambient.ts'
import { fileLock } from './file-lock.ts'
import { trustingFetch } from './trusting-fetch.ts'

/** What VS Code calls in Node. */
export function activate(context: ExtensionContext): void {
  const { NODE_EXTRA_CA_CERTS: file } = process.env
  const extra = file === undefined ? undefined : contentOf(file)
  const fetch = extra === undefined ? globalThis.fetch.bind(globalThis) : trustingFetch([...rootCertificates, extra])
  const ambient = ambientCredentials(process.env, (path) => readFileSync(path, 'utf8'))
  start(context, { ambient, fetch, machine: hostname(), alone: fileLock(join(context.globalStorageUri.fsPath, 'lock')) })
}

/** A file that is not there adds nobody to trust; Node only warns of it too. */
function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
