import { runNode } from './process.ts'

/** Plays stories of docs/stories.md on the running system, in Chromium, and says for each whether it passed. */
export function story(numbers: string[]): Promise<number> {
  return runNode([new URL('../../../../test/stories/play.ts', import.meta.url).pathname, ...numbers])
}
