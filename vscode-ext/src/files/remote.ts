import {
  contract,
  type DomainName,
  type Entry,
  type FilePath,
  nameOf,
  Problem,
  type UploadSource,
  uploadFile,
} from '@karvdash/common'
import type { Connection } from '../connection/connection.ts'
import { patienceOf } from '../connection/patience.ts'
import { underway } from '../progress.ts'
import type { Condition } from './conflicts.ts'
import type { TreePort } from './tree.ts'

/** A domain, as the server has it. */
export interface Remote extends TreePort {
  read(path: FilePath): Promise<{ content: Uint8Array; etag: string | undefined }>
  write(path: FilePath, content: Uint8Array, condition: Condition): Promise<Entry>
  /** Sends a file piece by piece; a network that fails is waited for. */
  send(path: FilePath, source: UploadSource, sending: Sending): Promise<Entry>
  makeFolder(path: FilePath): Promise<Entry>
  move(from: FilePath, to: FilePath, overwrite: boolean): Promise<Entry>
  remove(path: FilePath, recursive: boolean): Promise<void>
}

/** How a file is sent. */
export interface Sending {
  condition: Condition
  signal: AbortSignal
  onProgress: (sent: number, size: number) => void
}

/** What is larger is sent in pieces. */
const mostAtOnce = 8 * 2 ** 20

/** Speaks of one domain with the server. */
export function remoteDomain(connection: Connection, domain: DomainName): Remote {
  const params = { domain }
  const wait = patienceOf(connection)
  const send: Remote['send'] = (path, source, { condition, ...sending }) =>
    connection.with(({ client }) =>
      uploadFile(client, source, { domain, path, ...condition, ...sending, wait }).catch(meanwhile(condition)),
    )
  return {
    list: (path, cursor) =>
      connection.with(({ client }) =>
        client.call(contract.listEntries, { params, query: { path, limit: 5000, ...(cursor !== undefined && { cursor }) } }),
      ),
    stat: (path) => connection.with(({ client }) => client.call(contract.getEntry, { params, query: { path } })),
    read: (path) =>
      connection.with(async ({ client }) => {
        const response = await client.download(contract.readFile, { params, query: { path } })
        return { content: new Uint8Array(await response.arrayBuffer()), etag: response.headers.get('etag') ?? undefined }
      }),
    write: (path, content, condition) =>
      content.length > mostAtOnce
        ? underway(`Uploading ${nameOf(path)}`, ({ signal, report }) =>
            send(path, sourceOf(content), { condition, signal, onProgress: report }),
          )
        : connection.with(({ client }) =>
            // A copy: VS Code may hand over a view of a larger buffer.
            client
              .upload(contract.writeFile, { params, query: { path } }, new Uint8Array(content), condition)
              .catch(meanwhile(condition)),
          ),
    send,
    makeFolder: (path) => connection.with(({ client }) => client.call(contract.createFolder, { params, body: { path } })),
    move: (from, to, overwrite) =>
      connection.with(({ client }) => client.call(contract.renameEntry, { params, body: { from, to, overwrite } })),
    remove: (path, recursive) =>
      connection.with(({ client }) => client.call(contract.deleteEntry, { params, query: { path, recursive } })),
  }
}

/** A failure that this extension finds itself, with a code as the server gives one. */
export function refused(detail: string, code: string): Problem {
  return new Problem(409, 'Not possible', { detail, extra: { code } })
}

/** Only the piece that is sent is copied: VS Code may hand over a view of a larger buffer. */
function sourceOf(content: Uint8Array): UploadSource {
  return { size: content.length, slice: (start, end) => new Uint8Array(content.subarray(start, end)) }
}

/** VS Code offers to try again, and then to compare. */
function meanwhile({ ifNoneMatch }: Condition): (failure: unknown) => never {
  return (failure) => {
    if (!(failure instanceof Problem) || failure.status !== 412) throw failure
    throw ifNoneMatch === undefined
      ? refused('The file was changed on the server meanwhile. Try again to compare both.', 'entry-changed')
      : refused('There is a file of this name already.', 'entry-exists')
  }
}
