import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs'
import { nameOfBytes } from '@karvdash/common'
import { at, type Held, holdFolder } from './held.ts'
import { brokenLink, codeOf } from './refusals.ts'

/** The folder in which an entry is or would be, held, and the entry's one name in it. */
export interface Place extends Disposable {
  folder: number
  /** '.' where the entry is the root itself. */
  name: string
  /** The real names from the root to the folder: no link is among them. */
  trail: string[]
  /** What has the name now; undefined where nothing has. */
  stats: BigIntStats | undefined
}

/** Where links are resolved: nothing outside is reached, whatever they say and whoever swaps them meanwhile. */
export interface Bounds {
  root: Held
  /** Where containers have the root, such as `/local`: absolute links are read as they are meant there. */
  view: string
}

/** path_resolution(7): "the maximum number of symbolic links followed"; and enough steps for a path of 4096 bytes. */
const mostLinks = 40
const mostSteps = 4096

/**
 * Goes to an entry one name at a time, each from the folder held before it, and follows links by going to their targets in the same way.
 * @param follow whether the last name, where it is a link, is followed too.
 * @throws errors of the file system, with code `EBROKEN` for a link that leads out.
 */
export function resolve(bounds: Bounds, names: string[], { follow }: { follow: boolean }): Place {
  const walk = new Walk(bounds)
  const pending = [...names].reverse()
  try {
    for (let steps = 0; steps < mostSteps; steps++) {
      const name = pending.pop()
      if (name === undefined) return walk.place('.')
      const isLast = pending.length === 0
      const stats = isLast && name !== '..' ? walk.look(name) : undefined
      if (isLast && name !== '..' && !(follow && stats?.isSymbolicLink())) return walk.place(name, stats)
      pending.push(...walk.go(name).reverse())
    }
  } catch (error) {
    walk.end()
    throw error
  }
  walk.end()
  throw tooManyLinks()
}

/** The way from the root to where we stand: every folder on it is held, so `..` is the one that we came from. */
class Walk {
  readonly #bounds: Bounds
  readonly #folders: { held: Held; name: string }[] = []
  #links = 0

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** What has the name here. */
  look(name: string): BigIntStats | undefined {
    return lstatSync(at(this.#here, name), { bigint: true, throwIfNoEntry: false })
  }

  /** Goes one step; gives the names to go next where it was a link. */
  go(name: string): string[] {
    if (name === '..') return this.#up()
    try {
      this.#folders.push({ held: holdFolder(this.#here, name), name })
      return []
    } catch (error) {
      if (codeOf(error) !== 'ENOTDIR') throw error
      return this.#follow(name)
    }
  }

  /** Where we stand, with everything on the way let go. */
  place(name: string, stats = this.look(name)): Place {
    const trail = this.#folders.map((folder) => folder.name)
    const last = this.#folders.pop()?.held
    this.end()
    return { folder: last?.fd ?? this.#bounds.root.fd, name, trail, stats, [Symbol.dispose]: () => last?.[Symbol.dispose]() }
  }

  end(): void {
    for (const { held } of this.#folders.splice(0)) held[Symbol.dispose]()
  }

  get #here(): number {
    return this.#folders.at(-1)?.held.fd ?? this.#bounds.root.fd
  }

  #up(): string[] {
    const last = this.#folders.pop()
    if (!last) throw brokenLink()
    last.held[Symbol.dispose]()
    return []
  }

  #follow(name: string): string[] {
    if (++this.#links > mostLinks) throw tooManyLinks()
    const target = linkTarget(this.#here, name)
    const names = target.split('/').filter((part) => part !== '' && part !== '.')
    if (!target.startsWith('/')) return names
    if (`/${names[0]}` !== this.#bounds.view) throw brokenLink()
    this.end()
    return names.slice(1)
  }
}

/** What a link says. @throws ENOTDIR where the name is no link's: a file in the middle of a path. */
export function linkTarget(folder: number, name: string): string {
  try {
    return nameOfBytes(readlinkSync(at(folder, name), { encoding: 'buffer' }))
  } catch (error) {
    if (codeOf(error) === 'EINVAL') throw Object.assign(new Error('not a folder', { cause: error }), { code: 'ENOTDIR' })
    throw error
  }
}

function tooManyLinks(): Error {
  return Object.assign(new Error('too many links'), { code: 'ELOOP' })
}
