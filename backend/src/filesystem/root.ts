import { type Entry, type FilePath, namesOf, Problem } from '@karvdash/common'
import { type Conditions, insist } from './conditions.ts'
import { entryAt } from './entries.ts'
import { makeFolder, move } from './folder-changes.ts'
import { type Held, holdFolder, holdRoot } from './held.ts'
import { type EntryPage, type ListOptions, listed, type ReadNames } from './listing.ts'
import { type OpenFile, openFile } from './read.ts'
import { changed, meaningOf, missing, refusal } from './refusals.ts'
import { remove } from './remove.ts'
import { type Bounds, type Place, resolve } from './resolve.ts'
import { abandonUpload, appendTo, type Bytes, beginUpload, type Progress, progressOf, type Resumable } from './resumable.ts'
import { afterwards, type Sweep } from './sweep.ts'
import { type Owner, type Written, writeFile } from './write.ts'

/**
 * A folder and all below it, which no path, link or race leads out of: names are resolved one at a time from folders that are held.
 * Tenants may swap anything for anything while we work. Every refusal is a Problem with a code.
 */
export interface Root {
  /** @throws Problem 404 `entry-missing`. */
  stat(path: FilePath): Promise<Entry>
  /** Entries by name where nothing else is said, those after the cursor's first. */
  list(path: FilePath, page: ListOptions): Promise<EntryPage>
  /** Holds a folder, for who watches it; links are followed. @throws Problem 404, 409 `not-a-folder`. */
  hold(path: FilePath): Promise<Held>
  /** Opens a file for reading; links are followed. */
  read(path: FilePath): Promise<OpenFile>
  /** Writes a whole file or nothing; links are followed. Of a `size` that does not fit not one byte is taken. */
  write(path: FilePath, source: AsyncIterable<Uint8Array>, options?: Conditions & { size?: number | undefined }): Promise<Written>
  /** Begins an upload that goes on over many requests; links are followed. */
  beginUpload(path: FilePath, options: { size: number; conditions: Conditions }): ReturnType<typeof beginUpload>
  /** @throws Problem 410 `upload-gone`. */
  uploadProgress(upload: Resumable): Promise<Progress>
  appendToUpload(upload: Resumable, bytes: Bytes): Promise<Progress>
  abandonUpload(upload: Resumable): Promise<void>
  /** @throws Problem 409 `entry-exists`. */
  createFolder(path: FilePath): Promise<Entry>
  /** @throws Problem 409 `entry-exists` unless `overwrite`, however late something takes the name. A link is renamed itself. */
  rename(from: FilePath, to: FilePath, options?: { overwrite?: boolean; conditions?: Conditions }): Promise<Entry>
  /** Deletes an entry; a folder that is not empty only if `recursive`. A link is deleted itself. */
  remove(path: FilePath, options?: { recursive?: boolean; conditions?: Conditions }): Promise<void>
}

export interface RootOptions {
  /** Absolute; nobody but the platform can change the folders above it. */
  folder: string
  /** Where containers have it, such as `/local`: absolute links below it are read so. */
  view: string
  /** Whose the files are that are made through it. */
  owner: Owner
  readNames: ReadNames
  sweep: Sweep
}

/** Opens a root. Each call goes there anew, so it is none that was replaced or mounted over. */
export function openRoot({ folder, view, owner, readNames, sweep }: RootOptions): Root {
  /** Goes to a place, does something there, and tells its refusals by the path. */
  async function atPlace<T>(path: FilePath, follow: boolean, act: (place: Place, bounds: Bounds) => Promise<T> | T): Promise<T> {
    try {
      using root = holdRootOf(folder)
      const bounds = { root, view }
      using place = resolve(bounds, namesOf(path), { follow })
      return await act(place, bounds)
    } catch (error) {
      throw meaningOf(error, path)
    }
  }
  const stat = (path: FilePath) =>
    atPlace(path, false, (place, bounds) => {
      const entry = entryAt(bounds, place)
      if (!entry) throw missing(path)
      return entry
    })

  return {
    stat,
    list: (path, page) => atPlace(path, true, (place, bounds) => listed({ place, bounds, readNames, page })),
    hold: (path) => atPlace(path, true, (place) => holdFolder(place.folder, place.name)),
    read: (path) => atPlace(path, true, (place) => openFile(place, path)),
    write: (path, source, { size, ...conditions } = {}) =>
      atPlace(path, true, (place) =>
        afterwards(place.folder, sweep, writeFile(place, { path, source, owner, conditions, size })),
      ),
    beginUpload: (path, options) =>
      atPlace(path, true, (place) => afterwards(place.folder, sweep, beginUpload(place, { path, owner, ...options }))),
    uploadProgress: (upload) => atPlace(upload.path, true, (place) => progressOf(place, upload)),
    appendToUpload: (upload, bytes) => atPlace(upload.path, true, (place) => appendTo(place, upload, bytes)),
    abandonUpload: (upload) => atPlace(upload.path, true, (place) => abandonUpload(place, upload)),
    createFolder: async (path) => {
      await atPlace(path, false, (place) => makeFolder(place, owner))
      return stat(path)
    },
    rename: async (from, to, { overwrite = false, conditions = {} } = {}) => {
      await atPlace(from, false, (source) =>
        atPlace(to, false, (target) => move({ from, source, to, target, overwrite, conditions })),
      )
      return stat(to)
    },
    remove: (path, { recursive = false, conditions = {} } = {}) =>
      atPlace(path, false, async (place, bounds) => {
        if (path === '') throw refusal(409, 'busy', 'The root of a domain stays.')
        if (!place.stats) throw conditions.ifMatch === undefined ? missing(path) : changed(path, undefined)
        insist(conditions, path, entryAt(bounds, place)?.etag)
        await remove(place.folder, place.name, { recursive })
      }),
  }
}

function holdRootOf(folder: string): Held {
  try {
    return holdRoot(folder)
  } catch (cause) {
    const detail = 'Your folder of this domain is not there at the moment. Try again shortly, or ask an administrator.'
    throw new Problem(503, 'Not available', { detail, extra: { code: 'domain-away' }, cause })
  }
}
