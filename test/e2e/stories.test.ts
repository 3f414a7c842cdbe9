import { afterAll, beforeAll, describe, test } from '@jest/globals'
import { stories } from '../stories/stories.ts'
import { newCast } from '../stories/story.ts'
import { openSystem, type System } from '../support/system.ts'

const cast = newCast()
let system: System

beforeAll(async () => {
  system = await openSystem()
}, 60_000)
afterAll(() => system?.close())

describe('stories of docs/stories.md', () => {
  for (const { number, title, play } of stories) test(`story ${number}: ${title}`, () => play(system, cast), 180_000)
})
