import { type CallOptions, contract, type DomainName, type Entry, Problem, type TransferClient } from '@karvdash/common'
import { nameOf } from './paths.ts'

/** The entries of one domain, by the API. */
export interface Files {
  stat(path: string): Promise<Entry>
  /** The first entries of a folder; `isAll` tells whether there are more. */
  list(path: string): Promise<{ entries: Entry[]; isAll: boolean }>
  /** A file's bytes, and the etag of just these. */
  read(path: string): Promise<{ bytes: Uint8Array; etag: string }>
  write(path: string, body: Blob | Uint8Array<ArrayBuffer>, options: CallOptions): Promise<Entry>
  createFolder(path: string): Promise<Entry>
  rename(from: string, to: string): Promise<Entry>
  remove(path: string): Promise<void>
}

/** JupyterLab draws every row of a list at once: more than these take it minutes. */
export const mostShown = 2000

/** Makes the files of a domain. */
export function createFiles(client: TransferClient, domain: DomainName): Files {
  const params = { domain }
  return {
    stat: (path) => client.call(contract.getEntry, { params, query: { path } }),
    async list(path) {
      const { items, next } = await client.call(contract.listEntries, { params, query: { path, limit: mostShown } })
      return { entries: items, isAll: next === undefined }
    },
    async read(path) {
      const response = await client.download(contract.readFile, { params, query: { path } })
      return { bytes: new Uint8Array(await response.arrayBuffer()), etag: response.headers.get('etag') ?? '' }
    },
    write: (path, body, options) => client.upload(contract.writeFile, { params, query: { path } }, body, options),
    createFolder: (path) => client.call(contract.createFolder, { params, body: { path } }),
    rename: (from, to) => client.call(contract.renameEntry, { params, body: { from, to } }),
    remove: (path) => client.call(contract.deleteEntry, { params, query: { path, recursive: true } }),
  }
}

/** Whether a failure says that something of this name is there already. */
export function isTaken(failure: unknown): boolean {
  return failure instanceof Problem && (failure.status === 412 || failure.extra['code'] === 'entry-exists')
}

/** Makes something under the first name that is free. */
export async function withFreeName<T>(nameAt: (count: number) => string, make: (name: string) => Promise<T>): Promise<T> {
  for (let count = 0; ; count++) {
    try {
      return await make(nameAt(count))
    } catch (failure) {
      if (!isTaken(failure) || count >= 200) throw failure
    }
  }
}

/** The sentence for who saves over what somebody else changed meanwhile. */
export function changedMeanwhile(path: string): Problem {
  const detail = `${nameOf(path)} was changed by somebody else while it was being saved. Save again to compare, and choose.`
  return new Problem(409, 'Changed meanwhile', { detail })
}
