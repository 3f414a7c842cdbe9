import type { System } from '../support/system.ts'

/** One of the things people do with Karvdash, from docs/stories.md. */
export interface Story {
  number: number
  title: string
  /** Plays it; throws where the system does not do what the story says. */
  play(system: System, cast: Cast): Promise<void>
}

/** Who plays: names that nobody has yet, so that a story can be played again and again. */
export interface Cast {
  alice: Player
  bob: Player
}

export interface Player {
  username: string
  password: string
}

/** A cast for one run. */
export function newCast(): Cast {
  const run = Date.now().toString(36)
  const player = (name: string): Player => ({ username: `${name}${run}`, password: `${name} has a long password` })
  return { alice: player('alice'), bob: player('bob') }
}
