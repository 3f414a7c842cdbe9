import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { breakGround } from '@karvdash/backend/filesystem/root-ground'
import { race } from '@karvdash/backend/filesystem/root-race'

test('for a minute of swapping, no verb reads, makes or removes anything outside', async () => {
  const ground = await breakGround()
  writeFileSync(join(ground.outside, 'only outside'), '')
  try {
    const { done, refused, faults } = await race(ground, 60_000)
    expect(faults).toEqual([])
    expect(await ground.harm()).toEqual(['bob/only outside'])
    expect(Object.keys(done).length).toBeGreaterThan(20)
    expect(Object.keys({ ...done, ...refused })).toHaveLength(30)
  } finally {
    await ground.remove()
  }
}, 120_000)
