import { expect, test } from '@jest/globals'
import { launchName } from './launch-name.ts'
import { LaunchName } from './own-templates.ts'

test.each([
  ['My Kafka, 3 brokers', 'my-kafka-3-brokers'],
  ['3 brokers', 'brokers'],
  ['!!!', 'launch'],
  ['x', 'x'],
])('a launch that is called %j is kept as %s', (label, name) => {
  expect(launchName(label)).toBe(name)
})

test.each(['Κάφκα', 'カフカ', '🚀', 'é', `${'ä'.repeat(60)}`, 'a'.repeat(60)])('any label has a name: %j', (label) => {
  expect(LaunchName.safeParse(launchName(label)).success).toBe(true)
})

test('labels of another script are kept apart', () => {
  expect(launchName('Κάφκα')).not.toBe(launchName('Ζέπελιν'))
})
