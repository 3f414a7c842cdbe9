import { describe, expect, test } from '@jest/globals'
import type { Ask, Attack, Sender } from './attack.ts'

/** Declares a test for each attack: it is refused by the rule meant, and what looks like it and is a right is not. */
export function testAttacks(attacks: Attack[], sender: () => Sender): void {
  const promises = Map.groupBy(attacks, ({ promise }) => promise)
  for (const [promise, group] of promises) {
    describe(promise, () => {
      test.each(group.map((attack) => [attack.name, attack] as const))('attack: %s', async (_, attack) => {
        await expectRefusal(sender(), attack)
        if (attack.twin) await expectAdmission(sender(), attack.twin)
      })
    })
  }
}

/** Expects the rule meant to refuse it. */
export async function expectRefusal(sender: Sender, attack: Attack): Promise<void> {
  const { status, message } = await sender.dryRun(attack)
  const wanted =
    typeof attack.expects === 'string' ? expect.stringContaining(attack.expects) : expect.stringMatching(attack.expects)
  expect({ status, message }).toEqual({ status: expect.any(Number), message: wanted })
  expect(status).toBeGreaterThanOrEqual(400)
}

/** Expects something to be let in. */
export async function expectAdmission(sender: Sender, ask: Ask): Promise<void> {
  const { status, message } = await sender.dryRun(ask)
  expect({ message, isIn: status < 300 }).toEqual({ message: '', isIn: true })
}
