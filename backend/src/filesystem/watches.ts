import { type FolderListener, identityOf, WatchedFolder, type WatchedPorts, type WatchTarget } from './watched-folder.ts'

/** Folders that are watched: each once, for all who show it. */
export interface Watches {
  /**
   * Watches a folder until what it gives is disposed of, or the folder is gone.
   * @throws whatever the target's `hold` does.
   */
  watch(target: WatchTarget, listener: FolderListener): Promise<Disposable>
  /** How many folders are watched. */
  count(): number
}

/** Makes watches; one that nobody listens to any more is let go at once. */
export function createWatches(ports: WatchedPorts): Watches {
  const watched = new Map<string, WatchedFolder>()
  function letGo(key: string, folder: WatchedFolder): void {
    folder.end()
    if (watched.get(key) === folder) watched.delete(key)
  }
  return {
    async watch(target, listener) {
      const { key } = target
      using held = await target.hold()
      const known = watched.get(key)
      const isKnown = known?.identity === identityOf(held)
      const folder = isKnown ? known : new WatchedFolder(target, held, { ...ports, onGone: () => letGo(key, folder) })
      watched.set(key, folder)
      folder.listeners.add(listener)
      const leave = () => {
        folder.listeners.delete(listener)
        if (folder.listeners.size === 0) letGo(key, folder)
      }
      try {
        if (!isKnown) await folder.begin(held)
      } catch (error) {
        leave()
        throw error
      }
      return { [Symbol.dispose]: leave }
    },
    count: () => watched.size,
  }
}
