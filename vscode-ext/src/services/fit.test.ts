import { expect, test } from '@jest/globals'
import { contract, unavailable } from '@karvdash/common'
import { tooMuch } from './fit.ts'

const memory = { resource: 'memory', label: 'Memory', used: '5Gi', limit: '8Gi', free: '3Gi' }

/** A server that has so much free, and a template that asks for so much. */
function server(asks: Record<string, string>, quota = async () => ({ items: [memory] })) {
  const call = async (operation: unknown) =>
    operation === contract.listResources ? quota() : { objects: [], yaml: '', asks, faults: [] }
  return { call: call as never }
}
const launch = { template: 'hello', values: {} }

test('a launch that fits is told nothing', async () => {
  expect(await tooMuch(server({ memory: '3Gi' }), launch)).toEqual([])
})

test('a launch that does not fit is told with the numbers', async () => {
  const [gauge] = await tooMuch(server({ memory: '9Gi' }), launch)
  expect(gauge).toMatchObject({ label: 'Memory', words: expect.stringContaining('only 3Gi free') })
})

test('a quota that cannot be had keeps nobody from launching', async () => {
  const quota = async () => {
    throw unavailable('Karvdash')
  }
  expect(await tooMuch(server({ memory: '9Gi' }, quota), launch)).toEqual([])
})
