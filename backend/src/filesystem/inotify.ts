import { type FSWatcher, statfsSync, watch } from 'node:fs'
import { nameOfBytes, partPrefix } from '@karvdash/common'
import { type Held, itself } from './held.ts'

/** Who hears what happens in a folder. */
export interface Ear {
  /** Something became of this name; of no name in particular where it is undefined. A part file is told as `part`. */
  heard(name: string | undefined, isPart: boolean): void
  /** No more will be heard. */
  deaf(): void
}

/**
 * Statfs types (statfs(2)) whose every change this machine's kernel makes itself, so that inotify tells all: ext, XFS, Btrfs, tmpfs, ZFS, F2FS,
 * bcachefs. On all others, such as NFS, Lustre, FUSE or overlays, what other machines do is not told.
 */
const toldAll = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x2fc12fc1, 0xf2f52010, 0xca451a4e])

/** Whether inotify tells of all changes in the file system of a folder. */
export function isToldAll(folder: Held): boolean {
  return toldAll.has(statfsSync(itself(folder)).type)
}

/**
 * Hears the changes in a folder by inotify; undefined where the kernel has no more watches to give. The watch is on the folder itself,
 * however it is renamed and whatever takes its place; it does not need the descriptor any more, which would keep a removed folder from
 * being told as removed.
 */
export function listen(folder: Held, ear: Ear): Disposable | undefined {
  const path = itself(folder)
  // What happens to the folder itself is told by the last name of this path.
  const own = path.slice(path.lastIndexOf('/') + 1)
  const watcher = watched(path, (bytes) => {
    const name = nameOfBytes(bytes)
    ear.heard(name === own ? undefined : name, name.startsWith(partPrefix))
  })
  watcher?.on('error', () => ear.deaf())
  return watcher && { [Symbol.dispose]: () => watcher.close() }
}

function watched(path: string, heard: (name: Uint8Array) => void): FSWatcher | undefined {
  try {
    return watch(path, { encoding: 'buffer', persistent: false }, (_, name) => heard(name ?? new Uint8Array()))
  } catch {
    // ENOSPC and EMFILE: the limits of inotify(7) are reached. Whatever else it is, looking from time to time does as well.
    return undefined
  }
}
