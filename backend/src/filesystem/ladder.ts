import { fstatSync, openSync } from 'node:fs'
import type { Name } from './free-name.ts'
import { at, type Held, held, holdFolder, toHoldFolder } from './held.ts'
import { refusal } from './refusals.ts'

/** As many folders of a way down are held at a time, however long it is. */
const mostHeld = 32

interface Rung {
  name: string
  /** Device and inode: what a folder is known by again. */
  identity: string
  held: Held | undefined
}

/**
 * A way down into a tree, and up again, on which no name is looked up twice: each folder is held from the one above it. Of a long way only the
 * lowest folders are held; the others are entered again through `..`, and only where that is the very folder that was left.
 */
export class Ladder implements Disposable {
  readonly #rungs: Rung[] = []

  /** Begins in a folder; a link is none. */
  constructor({ folder, name }: Name) {
    this.#enter(name, holdFolder(folder, name))
  }

  /** The folder where we stand. */
  get here(): number {
    return this.#here.fd
  }

  /** The names from the first folder to this one, both counted. */
  get path(): string {
    return this.#rungs.map(({ name }) => name).join('/')
  }

  /** Goes into a folder of this folder. @throws ENOENT, ENOTDIR where it is none, or none any more. */
  down(name: string): void {
    this.#enter(name, holdFolder(this.here, name))
    const far = this.#rungs.at(-1 - mostHeld)
    far?.held?.[Symbol.dispose]()
    if (far) far.held = undefined
  }

  /** Goes back. @throws Problem 409 where the folder was moved elsewhere meanwhile. */
  up(): void {
    const { path } = this
    const parent = this.#rungs.at(-2)
    using left = this.#here
    this.#rungs.pop()
    if (!parent || parent.held) return
    const above = held(openSync(at(left.fd, '..'), toHoldFolder))
    if (identityOf(above.fd) === parent.identity) parent.held = above
    else {
      above[Symbol.dispose]()
      throw refusal(409, 'entry-changed', `The folder "${path}" was moved elsewhere meanwhile. Try again.`)
    }
  }

  [Symbol.dispose](): void {
    for (const { held } of this.#rungs.splice(0)) held?.[Symbol.dispose]()
  }

  get #here(): Held {
    const here = this.#rungs.at(-1)?.held
    if (!here) throw new Error('A ladder that was let go of, or lost its way')
    return here
  }

  #enter(name: string, folder: Held): void {
    this.#rungs.push({ name, identity: identityOf(folder.fd), held: folder })
  }
}

function identityOf(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true })
  return `${dev}:${ino}`
}
