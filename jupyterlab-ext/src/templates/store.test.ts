import { expect, test } from '@jest/globals'
import { createClient } from '@karvdash/common'
import { TemplateStore } from './store.ts'

test('templates that are as they were are not told of again', async () => {
  let items = [{ ...{ id: 'hello', name: 'Hello', description: 'Greets.', variables: [] }, origin: 'own', pinned: false }]
  const fetch = async (url: unknown) => Response.json(String(url).endsWith('/templates') ? { items, broken: [] } : { items: [] })
  const store = new TemplateStore(createClient({ url: 'https://k', fetch: fetch as typeof globalThis.fetch }))
  const told: string[][] = []
  store.changed.connect(() => void told.push(store.catalogue.items.map(({ name }) => name)))
  await store.refresh()
  await store.refresh()
  items = items.map((one) => ({ ...one, name: 'Hallo' }))
  await store.refresh()
  expect(told).toEqual([['Hello'], ['Hallo']])
})
