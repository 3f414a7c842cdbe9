import { afterAll, beforeAll, test } from '@jest/globals'
import { join } from '../stories/join.ts'
import { pipelines } from '../stories/pipelines.ts'
import { newCast } from '../stories/story.ts'
import { openSystem, type System } from '../support/system.ts'

const cast = newCast()
let system: System

beforeAll(async () => {
  system = await openSystem()
  await join.play(system, cast)
}, 180_000)
afterAll(() => system?.close())

test(`story ${pipelines.number}: ${pipelines.title}`, () => pipelines.play(system, cast), 1_500_000)
