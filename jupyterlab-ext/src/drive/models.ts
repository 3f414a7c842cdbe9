import type { Contents } from '@jupyterlab/services'
import type { Entry } from '@karvdash/common'
import { inside } from './paths.ts'

/** An entry as JupyterLab's file browser and documents know one; the etag is its hash, by which a change is found. */
export function modelOf(path: string, entry: Entry): Contents.IModel {
  return {
    name: entry.name,
    path,
    type: typeOf(entry),
    writable: entry.writable && entry.type !== 'link-broken' && entry.type !== 'other',
    created: new Date(entry.created).toISOString(),
    last_modified: new Date(entry.modified).toISOString(),
    mimetype: '',
    content: null,
    format: null,
    size: entry.size,
    hash: entry.etag,
    hash_algorithm: 'etag',
  }
}

/** A folder with what is in it. */
export function folderModel(path: string, entry: Entry, entries: Entry[]): Contents.IModel {
  const content = entries.map((one) => modelOf(inside(path, one.name), one))
  // Who has the folder open is not to be bothered with every change in it.
  const { hash: _hash, hash_algorithm: _algorithm, ...model } = modelOf(path, entry)
  return { ...model, type: 'directory', content, format: 'json' }
}

/** The root of a domain, of which nothing has to be asked. */
export function rootEntry(writable = true): Entry {
  return { name: '', type: 'folder', size: 0, modified: 0, created: 0, etag: '', writable }
}

function typeOf({ type, name }: Entry): string {
  if (type === 'folder') return 'directory'
  return type === 'file' && name.endsWith('.ipynb') ? 'notebook' : 'file'
}
