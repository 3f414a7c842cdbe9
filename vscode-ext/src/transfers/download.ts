import {
  contract,
  type DomainName,
  type Entry,
  type FilePath,
  folderOf,
  nameOf,
  Problem,
  type TransferClient,
} from '@karvdash/common'
import { Uri, window } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { type Patience, patienceOf } from '../connection/patience.ts'
import type { Files } from '../files/provider.ts'
import { type Underway, underway } from '../progress.ts'
import { localName } from './conflicts.ts'
import type { Disk } from './disk.ts'
import { chunksOf, counted, fileBytes } from './received.ts'

/** What is downloaded into one file. */
interface Load {
  domain: DomainName
  paths: FilePath[]
  /** The one file it is; undefined: what the paths lead to is packed. */
  file: Entry | undefined
}

export interface DownloadPorts {
  connection: Connection
  files: Files
  disk: Disk
}

/** Saves a file as it is, and folders or several entries as one zip. */
export async function download({ connection, files, disk }: DownloadPorts, uris: Uri[]): Promise<void> {
  const load = await loadOf(files, uris)
  const name = localName(load.file ? load.file.name : `${packName(load)}.zip`)
  const to = await window.showSaveDialog({ title: 'Download', saveLabel: 'Download', defaultUri: Uri.joinPath(disk.home, name) })
  if (!to) return
  refuseTooLarge(load, disk.mostBytes(to))
  const wait = patienceOf(connection)
  await underway(`Downloading ${name}`, (progress) =>
    connection.with(({ client }) => disk.save(to, bytesOf({ client, wait }, load, progress), progress.signal)),
  )
  void window.setStatusBarMessage(`$(check) ${name} is downloaded.`, toldMs)
}

const toldMs = 10_000

async function loadOf(files: Files, uris: Uri[]): Promise<Load> {
  const places = await Promise.all(uris.map((uri) => files.place(uri)))
  const [first] = places
  if (!first) throw refusal('Choose what to download.')
  const { domain } = first
  if (places.some((place) => place.domain !== domain))
    throw refusal('Download what lies in different folders of the server one by one.')
  const entry = places.length === 1 ? await first.tree.freshEntry(first.path) : undefined
  if (entry && entry.type !== 'file' && entry.type !== 'folder') throw refusal(`"${entry.name}" leads to no file or folder.`)
  return { domain, paths: places.map(({ path }) => path), file: entry?.type === 'file' ? entry : undefined }
}

/** A single folder is called as it is, several entries as the folder that they are in. */
function packName({ domain, paths: [first, ...others] }: Load): string {
  if (first === undefined) return domain
  return nameOf(others.length === 0 ? first : folderOf(first)) || domain
}

function refuseTooLarge({ file }: Load, mostBytes: number | undefined): void {
  if (file === undefined || mostBytes === undefined || file.size <= mostBytes) return
  const most = Math.floor(mostBytes / 2 ** 20)
  throw refusal(
    `"${file.name}" is larger than the ${most} MiB that VS Code can save in a browser. Download it from the dashboard.`,
  )
}

interface By {
  client: TransferClient
  wait: Patience
}

async function* bytesOf({ client, wait }: By, { domain, paths, file }: Load, progress: Underway): AsyncGenerator<Uint8Array> {
  const { signal } = progress
  const [path] = paths
  if (file && path !== undefined) {
    const bytes = fileBytes(client, { domain, path, entry: file }, { signal, wait })
    yield* counted(bytes, (done) => progress.report(done, file.size))
    return
  }
  // It is packed while it is sent: how much it will be nobody knows.
  const { body } = await client.download(contract.readArchive, { params: { domain }, query: { path: paths } }, { signal })
  yield* counted(chunksOf(body), (done) => progress.say(`${Math.floor(done / 2 ** 20)} MiB`))
}

function refusal(detail: string): Problem {
  return new Problem(409, 'Not possible', { detail })
}
