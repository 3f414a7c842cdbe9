import {
  type CallOptions,
  contract,
  type DomainName,
  type Entry,
  Problem,
  type TransferClient,
  type UploadOptions,
  uploadFile,
} from '@karvdash/common'
import { nameOf } from './paths.ts'
import type { View } from './view.ts'

/** The entries of one domain, by the API. */
export interface Files {
  stat(path: string): Promise<Entry>
  /** What a view shows of a folder; `isAll` tells whether that is all that it is about. */
  list(view: View): Promise<{ entries: Entry[]; isAll: boolean }>
  /** A file's bytes, and the etag of just these. */
  read(path: string): Promise<{ bytes: Uint8Array; etag: string }>
  write(path: string, body: Uint8Array<ArrayBuffer>, options: CallOptions): Promise<Entry>
  /** Sends a file of any size; a network that fails meanwhile is waited for. */
  upload(path: string, body: Blob, options: SendOptions): Promise<Entry>
  createFolder(path: string): Promise<Entry>
  rename(from: string, to: string): Promise<Entry>
  remove(path: string): Promise<void>
}

/** How a file is sent. */
export type SendOptions = Pick<UploadOptions, 'ifMatch' | 'ifNoneMatch' | 'onProgress' | 'signal'>

/** How a file is put there for a person. */
export interface UploadChoice extends Pick<SendOptions, 'onProgress' | 'signal'> {
  overwrite: boolean
}

/** Makes the files of a domain. */
export function createFiles(client: TransferClient, domain: DomainName): Files {
  const params = { domain }
  return {
    stat: (path) => client.call(contract.getEntry, { params, query: { path } }),
    async list({ most, filter, ...view }) {
      const entries: Entry[] = []
      let cursor: string | undefined
      do {
        const query = { ...view, limit: most - entries.length, ...(filter && { filter }), ...(cursor && { cursor }) }
        const page = await client.call(contract.listEntries, { params, query })
        entries.push(...page.items)
        cursor = page.next
      } while (cursor !== undefined && entries.length < most)
      return { entries, isAll: cursor === undefined }
    },
    async read(path) {
      const response = await client.download(contract.readFile, { params, query: { path } })
      return { bytes: new Uint8Array(await response.arrayBuffer()), etag: response.headers.get('etag') ?? '' }
    },
    write: (path, body, options) => client.upload(contract.writeFile, { params, query: { path } }, body, options),
    upload: (path, body, options) => uploadFile(client, body, { ...options, domain, path }),
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

/** What has to hold for a save over what is there now, or over nothing. */
export async function conditionNow(files: Files, path: string): Promise<CallOptions> {
  const absent = (failure: unknown) => {
    if (failure instanceof Problem && failure.status === 404) return undefined
    throw failure
  }
  const entry = await files.stat(path).catch(absent)
  return entry ? { ifMatch: entry.etag } : { ifNoneMatch: '*' }
}
