import { describe, expect, test } from '@jest/globals'
import { uploadSource } from './upload-source.ts'

const bytes = Uint8Array.from({ length: 100 }, (_, i) => i)
async function* pieces(...sizes: number[]) {
  let at = 0
  for (const size of sizes) {
    yield bytes.subarray(at, at + size)
    at += size
  }
}
const range = (start: number, end: number) => Array.from(bytes.subarray(start, end))
const taken = async (source: ReturnType<typeof uploadSource>, start: number, end: number) =>
  Array.from((await source.slice(start, end)) as Uint8Array)

describe('a stream as a source', () => {
  test.each([[[100]], [[1, 2, 3, 94]], [[33, 33, 34]], [Array.from({ length: 100 }, () => 1)]])(
    'in pieces of %j gives every piece that is asked for',
    async (sizes) => {
      const source = uploadSource({ size: 100, stream: pieces(...sizes) })
      expect(await taken(source, 0, 10)).toEqual(range(0, 10))
      expect(await taken(source, 0, 10)).toEqual(range(0, 10))
      expect(await taken(source, 4, 14)).toEqual(range(4, 14))
      expect(await taken(source, 14, 50)).toEqual(range(14, 50))
      expect(await taken(source, 50, 100)).toEqual(range(50, 100))
      await expect(taken(source, 10, 20)).rejects.toThrow('does not go back')
    },
  )

  test('passes over what the server has already', async () => {
    const source = uploadSource({ size: 100, stream: pieces(10, 10, 80) })
    expect(await taken(source, 55, 60)).toEqual(range(55, 60))
    expect(await taken(source, 60, 100)).toEqual(range(60, 100))
  })

  test('that ends early is told', async () => {
    const source = uploadSource({ size: 100, stream: pieces(60) })
    await expect(taken(source, 0, 100)).rejects.toThrow('ended after 60 of 100')
  })
})

test('a Blob is taken as it is, and an array in parts of itself', async () => {
  const blob = new Blob([bytes])
  expect(uploadSource(blob)).toBe(blob)
  expect(await taken(uploadSource(bytes), 3, 7)).toEqual([3, 4, 5, 6])
})
