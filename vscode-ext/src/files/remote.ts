import { contract, type DomainName, type Entry, type FilePath, Problem } from '@karvdash/common'
import type { Connection } from '../connection/connection.ts'
import type { Condition } from './conflicts.ts'
import type { TreePort } from './tree.ts'

/** A domain, as the server has it. */
export interface Remote extends TreePort {
  read(path: FilePath): Promise<{ content: Uint8Array; etag: string | undefined }>
  write(path: FilePath, content: Uint8Array, condition: Condition): Promise<Entry>
  makeFolder(path: FilePath): Promise<Entry>
  move(from: FilePath, to: FilePath, overwrite: boolean): Promise<Entry>
  remove(path: FilePath, recursive: boolean): Promise<void>
}

/** Speaks of one domain with the server. */
export function remoteDomain(connection: Connection, domain: DomainName): Remote {
  const params = { domain }
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
      connection.with(({ client }) =>
        // A copy: VS Code may hand over a view of a larger buffer.
        client.upload(contract.writeFile, { params, query: { path } }, new Uint8Array(content), condition).catch((failure) => {
          throw changedMeanwhile(failure, condition)
        }),
      ),
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

/** VS Code offers to try again, and then to compare. */
function changedMeanwhile(failure: unknown, { ifNoneMatch }: Condition): unknown {
  if (!(failure instanceof Problem) || failure.status !== 412) return failure
  return ifNoneMatch === undefined
    ? refused('The file was changed on the server meanwhile. Try again to compare both.', 'entry-changed')
    : refused('There is a file of this name already.', 'entry-exists')
}
