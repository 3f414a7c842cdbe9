import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { picture } from '../../stories/acts.ts'
import { type Customer, openCatalogue } from '../../support/catalogue.ts'

let alice: Customer

beforeAll(async () => {
  alice = await openCatalogue('hello', [])
}, 120_000)
afterAll(() => alice?.close())

test('Hello greets whoever comes through the gate, each with words of its own', async () => {
  const [one, other] = [
    await alice.launch('hello', { values: { greeting: 'Kalimera', replicas: 2 } }),
    await alice.launch('hello', { values: { greeting: 'Good evening' } }),
  ]
  expect(one.name).not.toBe(other.name)
  const page = await alice.window(one.name)
  await page.getByText('Kalimera').waitFor()
  await page.setViewportSize({ width: 600, height: 200 })
  await picture(page, 'hello')
  expect(await (await alice.fetch(other.name, '/')).text()).toContain('Good evening')
}, 180_000)
