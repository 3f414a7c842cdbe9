import { readFileSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { type ExtensionContext, Uri } from 'vscode'
import { start } from '../../extension.ts'
import type { Disk } from '../../transfers/disk.ts'
import { lentDisk } from '../../transfers/lent-disk.ts'
import { ambientCredentials } from './ambient.ts'
import { openFile, saveFile } from './disk.ts'
import { fileLock } from './file-lock.ts'
import { trustingFetch } from './trusting-fetch.ts'
import { trustingSocket } from './trusting-socket.ts'

/** Whoever has a VS Code in the browser may mean the browser's files, too: VS Code lends those. */
const disk: Disk = {
  home: Uri.file(homedir()),
  mostBytes: (file) => (isOurs(file) ? undefined : lentDisk.mostBytes(file)),
  open: (file) => (isOurs(file) ? openFile(file) : lentDisk.open(file)),
  save: (file, chunks, signal) => (isOurs(file) ? saveFile(file, chunks, signal) : lentDisk.save(file, chunks, signal)),
}

/** What VS Code calls in Node. */
export function activate(context: ExtensionContext): void {
  const { NODE_EXTRA_CA_CERTS: file } = process.env
  const extra = file === undefined ? undefined : contentOf(file)
  const ca = extra === undefined ? undefined : [...rootCertificates, extra]
  const fetch = ca === undefined ? globalThis.fetch.bind(globalThis) : trustingFetch(ca)
  const ambient = ambientCredentials(process.env, (path) => readFileSync(path, 'utf8'))
  const alone = fileLock(join(context.globalStorageUri.fsPath, 'lock'))
  start(context, { ambient, fetch, connect: trustingSocket(ca), machine: hostname(), alone, disk })
}

/** A file that is not there adds nobody to trust; Node only warns of it too. */
function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function isOurs({ scheme }: Uri): boolean {
  return scheme === 'file'
}
