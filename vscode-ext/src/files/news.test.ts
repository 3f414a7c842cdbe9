import { expect, test } from '@jest/globals'
import { FilePath } from '@karvdash/common'
import { createNews } from './news.ts'

const path = FilePath.parse('data')

/** Lets each look wait until it is told to go on. */
function setUp() {
  const asked: string[] = []
  let goOn: () => void = () => undefined
  const wait = (what: string) => {
    asked.push(what)
    return new Promise<void>((resolve) => (goOn = resolve))
  }
  const hear = createNews({ list: (at) => wait(`list ${at}`), look: (at, name) => wait(`look ${at}/${name}`) })
  const next = async () => {
    goOn()
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { hear, asked, next }
}

test('each name that changed is looked at, once', async () => {
  const { hear, asked, next } = setUp()
  hear(path, ['a', 'b', 'a'])
  await next()
  await next()
  expect(asked).toEqual(['look data/a', 'look data/b'])
})

test('what comes while a folder is looked at is looked at after that, all at once', async () => {
  const { hear, asked, next } = setUp()
  hear(path)
  hear(path, ['a'])
  hear(path)
  hear(path, ['b'])
  expect(asked).toEqual(['list data'])
  await next()
  await next()
  await next()
  expect(asked).toEqual(['list data', 'list data'])
})

test('many names are listed', async () => {
  const { hear, asked } = setUp()
  hear(
    path,
    Array.from({ length: 20 }, (_, index) => `n${index}`),
  )
  expect(asked).toEqual(['list data'])
})

test('what cannot be looked at keeps nothing else from it', async () => {
  const asked: string[] = []
  const hear = createNews({
    list: () => Promise.reject(new Error('away')),
    look: async (_, name) => void asked.push(name),
  })
  hear(path)
  hear(path, ['a'])
  await new Promise((resolve) => setTimeout(resolve))
  hear(path, ['b'])
  await new Promise((resolve) => setTimeout(resolve))
  expect(asked).toEqual(['a', 'b'])
})
