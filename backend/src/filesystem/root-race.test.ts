import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { breakGround } from './root-ground.ts'
import { race } from './root-race.ts'

test('while a tenant swaps folders, files and links, no verb reads, makes or removes anything outside', async () => {
  const ground = await breakGround()
  writeFileSync(join(ground.outside, 'only outside'), '')
  try {
    const { done, refused, faults } = await race(ground, 5000)
    expect(faults).toEqual([])
    expect(await ground.harm()).toEqual(['bob/only outside'])
    expect(Object.keys({ ...done, ...refused })).toHaveLength(30)
    // A race that nobody ever wins or loses is none.
    expect(Object.keys(done).length).toBeGreaterThan(5)
  } finally {
    await ground.remove()
  }
})
