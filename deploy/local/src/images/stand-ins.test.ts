import { expect, test } from '@jest/globals'
import { chosen, standIns } from './stand-ins.ts'

const usual = { name: 'usual', reference: 'docker.io/a/usual:1', config: {} }
const rare = { name: 'rare', reference: 'docker.io/a/rare:1', config: {}, onDemand: true }

test('a stand-in on demand is made for whoever asks for it by its reference alone', () => {
  expect(chosen([usual, rare])).toEqual([usual])
  expect(chosen([usual, rare], [rare.reference])).toEqual([rare])
})

test('an image for which there is no stand-in is told, and nothing is made', () => {
  expect(() => chosen([usual, rare], [rare.reference, 'docker.io/a/none:1'])).toThrow('no stand-in for docker.io/a/none:1')
})

test('every stand-in builds on another, or is the Debian below them all', async () => {
  const all = await standIns()
  const references = all.map(({ reference }) => reference)
  expect(new Set(references).size).toBe(all.length)
  expect(all.filter(({ from }) => !from).map(({ name }) => name)).toEqual(['debian'])
  for (const { from } of all) if (from) expect(references).toContain(from)
})
