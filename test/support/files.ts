import { contract, createClient, type DomainName, type Entry, type TransferClient } from '@karvdash/common'
import { bearer, type Person, tokenOf } from './people.ts'

/** Somebody's files in a domain, by the API's own client and a personal token. */
export interface Files {
  client: TransferClient
  headers: Record<string, string>
  stat(path: string): Promise<Entry>
  list(path?: string): Promise<string[]>
  read(path: string): Promise<string>
  write(path: string, text: string, conditions?: { ifMatch?: string; ifNoneMatch?: string }): Promise<Entry>
  createFolder(path: string): Promise<Entry>
  rename(from: string, to: string, overwrite?: boolean): Promise<Entry>
  remove(path: string, options?: { recursive?: boolean; ifMatch?: string }): Promise<void>
  /** The address of a file's content. */
  url(path: string): string
}

/** Opens somebody's files. */
export async function filesOf(backend: { url: string }, person: Person, domain: DomainName = 'local'): Promise<Files> {
  const headers = bearer((await tokenOf(person, `files in ${domain}`)).secret)
  const client = createClient({ url: backend.url, headers: () => headers })
  const params = { domain }
  return {
    client,
    headers,
    stat: (path) => client.call(contract.getEntry, { params, query: { path } }),
    list: async (path = '') =>
      (await client.call(contract.listEntries, { params, query: { path } })).items.map(({ name }) => name),
    read: async (path) => (await client.download(contract.readFile, { params, query: { path } })).text(),
    write: (path, text, conditions) => client.upload(contract.writeFile, { params, query: { path } }, text, conditions),
    createFolder: (path) => client.call(contract.createFolder, { params, body: { path } }),
    rename: (from, to, overwrite = false) => client.call(contract.renameEntry, { params, body: { from, to, overwrite } }),
    remove: (path, { recursive = false, ...conditions } = {}) =>
      client.call(contract.deleteEntry, { params, query: { path, recursive } }, conditions),
    url: (path) => `${backend.url}/api/storage/${domain}/content?path=${encodeURIComponent(path)}`,
  }
}
