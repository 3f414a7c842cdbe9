import type { Name } from './free-name.ts'
import { Ladder } from './ladder.ts'

/** Follows a walk through another tree of the same shape, as far as that has the same folders. */
export class Shadow implements Disposable {
  readonly #ladder: Ladder
  /** How many folders below the last that is there. */
  #astray = 0

  constructor(top: Name) {
    this.#ladder = new Ladder(top)
  }

  /** The same name there; undefined where the folder is not. */
  twin(name: string): Name | undefined {
    return this.#astray === 0 ? { folder: this.#ladder.here, name } : undefined
  }

  down(name: string): void {
    if (this.#astray > 0 || !this.#isThere(name)) this.#astray++
  }

  up(): void {
    if (this.#astray > 0) this.#astray--
    else this.#ladder.up()
  }

  [Symbol.dispose](): void {
    this.#ladder[Symbol.dispose]()
  }

  #isThere(name: string): boolean {
    try {
      this.#ladder.down(name)
      return true
    } catch {
      // Gone, or no folder any more: nothing below it has a twin.
      return false
    }
  }
}
