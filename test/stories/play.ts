import { openSystem } from '../support/system.ts'
import { allStories } from './stories.ts'
import { newCast } from './story.ts'

// Plays stories on the running system and says for each whether it passed. Later stories rest on earlier ones, so those are played too.
const wanted = process.argv.slice(2).map(Number)
const system = await openSystem()
const cast = newCast()
let failed = 0
for (const { number, title, play } of allStories.filter((story) => wanted.length === 0 || story.number <= Math.max(...wanted))) {
  try {
    await play(system, cast)
    console.log(`story ${number} passed (${title})`)
  } catch (error) {
    failed += 1
    console.log(`story ${number} failed (${title}): ${error instanceof Error ? error.message : error}`)
  }
}
await system.close()
process.exitCode = failed === 0 ? 0 : 1
