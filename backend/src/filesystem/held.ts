import { closeSync, constants, openSync } from 'node:fs'
import { isRawName, nameBytes } from '@karvdash/common'

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
/** open(2): "obtain a file descriptor that can be used to indicate a location"; nothing is opened, so no FIFO waits and no device acts. */
const O_PATH = 0o10000000

/** A file descriptor that is closed where its `using` ends. */
export interface Held extends Disposable {
  fd: number
}

/** Takes care of a descriptor. */
export function held(fd: number): Held {
  return { fd, [Symbol.dispose]: () => closeSync(fd) }
}

/**
 * Names an entry of a folder that is held: wherever the folder is moved meanwhile, and whatever takes its old place, it is that folder's.
 * The name is one name, never a path; what is called through it must not follow a link.
 */
export function at(folder: number, name: string): string | Buffer {
  const prefix = `/proc/self/fd/${folder}/`
  return isRawName(name) ? Buffer.concat([Buffer.from(prefix), nameBytes(name)]) : prefix + name
}

/** Names what is held itself, so that it can be opened for more. */
export function itself({ fd }: Held): string {
  return `/proc/self/fd/${fd}`
}

/** Holds a folder of this folder; a link is none. */
export function holdFolder(folder: number, name: string): Held {
  return held(openSync(at(folder, name), toHoldFolder))
}

/** Holds whatever has the name, links too, without opening it. */
export function holdAny(folder: number, name: string): Held {
  return held(openSync(at(folder, name), O_PATH | O_NOFOLLOW))
}

/** Holds the folder of an absolute path of ours. */
export function holdRoot(path: string): Held {
  return held(openSync(path, toHoldFolder))
}

/** How to open what is held and known to be a file: a lease that a tenant took on it must not keep us waiting. */
export const toRead = O_RDONLY | O_NONBLOCK
export const toWrite = O_WRONLY | O_NONBLOCK
export const toReadFolder = O_RDONLY | O_NONBLOCK | O_DIRECTORY
/** How to hold a folder that a link is not taken for. */
export const toHoldFolder = O_PATH | O_NOFOLLOW | O_DIRECTORY
