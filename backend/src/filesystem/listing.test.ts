import { mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { ListOptions } from './listing.ts'
import { at, breakGround, type Ground } from './root-ground.ts'

let ground: Ground
beforeEach(async () => {
  ground = await breakGround()
  const here = (name: string) => join(ground.inside, 'f', name)
  mkdirSync(here(''))
  const sizes = { 'a.csv': 30, 'B.CSV': 10, 'c.txt': 20, '.hidden': 5, 'd.csv': 10 }
  for (const [i, [name, size]] of Object.entries(sizes).entries()) {
    writeFileSync(here(name), '')
    truncateSync(here(name), size)
    utimesSync(here(name), 1000 - i, 1000 - i)
  }
  mkdirSync(here('folder'))
  symlinkSync('a.csv', here('link'))
})
afterEach(() => ground.remove())

const list = async (options: Partial<ListOptions>) =>
  (await ground.root.list(at('f'), { limit: 100, ...options })).items.map(({ name }) => name)

/** All names, page by page. */
async function paged(options: Partial<ListOptions>): Promise<string[]> {
  const names: string[] = []
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await ground.root.list(at('f'), { limit: 2, ...options, cursor })
    expect(items.length).toBeLessThanOrEqual(2)
    names.push(...items.map(({ name }) => name))
    if (next === undefined) return names
    cursor = next
  }
}

test('by name, up and down', async () => {
  const up = ['.hidden', 'B.CSV', 'a.csv', 'c.txt', 'd.csv', 'folder', 'link']
  expect(await list({})).toEqual(up)
  expect(await list({ direction: 'descending' })).toEqual(up.toReversed())
  expect(await list({ hidden: false })).toEqual(up.slice(1))
})

test.each<[Partial<ListOptions>, string[]]>([
  [{ filter: 'csv' }, ['B.CSV', 'a.csv', 'd.csv']],
  [{ filter: '?.csv' }, ['B.CSV', 'a.csv', 'd.csv']],
  [{ filter: 'd*' }, ['d.csv']],
  [{ type: 'folder' }, ['folder']],
  [{ type: 'file', filter: 'l' }, ['link']],
  [{ sort: 'size', type: 'file' }, ['.hidden', 'B.CSV', 'd.csv', 'c.txt', 'a.csv', 'link']],
  [{ sort: 'size', direction: 'descending', filter: '*.csv' }, ['a.csv', 'd.csv', 'B.CSV']],
  [{ sort: 'modified', filter: '*.*', hidden: false }, ['d.csv', 'c.txt', 'B.CSV', 'a.csv']],
])('%j gives %j, on one page and on many', async (options, expected) => {
  expect(await list(options)).toEqual(expected)
  expect(await paged(options)).toEqual(expected)
})

test('a cursor goes on where it was, whatever came and went meanwhile', async () => {
  const order = { sort: 'size', type: 'file', limit: 2 } as const
  const { next } = await ground.root.list(at('f'), order)
  expect(next).toBe('10/B.CSV')
  await ground.root.remove(at('f/B.CSV'))
  writeFileSync(join(ground.inside, 'f/first'), '')
  expect(await list({ ...order, cursor: next })).toEqual(['d.csv', 'c.txt'])
  const down = { direction: 'descending', limit: 2 } as const
  expect((await ground.root.list(at('f'), down)).next).toBe('folder')
  expect(await list({ ...down, cursor: 'g' })).toEqual(['folder', 'first'])
})

test('a cursor of another order is refused in words', async () => {
  await expect(list({ sort: 'size', cursor: 'a.csv' })).rejects.toMatchObject({ status: 400 })
})
