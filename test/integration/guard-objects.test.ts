import { afterAll, beforeAll } from '@jest/globals'
import { placeAims } from '../support/attacks/aims.ts'
import { type Ground, startGround } from '../support/attacks/ground.ts'
import { objectAttacks } from '../support/attacks/objects.ts'
import { testAttacks } from '../support/attacks/run.ts'

let ground: Ground

beforeAll(async () => {
  ground = await startGround('guard-objects')
  await placeAims(ground)
}, 60_000)
afterAll(() => ground?.stop())

testAttacks(objectAttacks, () => ground.sender)
