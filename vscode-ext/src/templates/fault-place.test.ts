import { describe, expect, test } from '@jest/globals'
import { faultPlace } from './fault-place.ts'

const text = ['kind: Template', 'id: demo', '---', 'kind: Pod', 'spec:', '  image: {{imgae}} ', ''].join('\n')
const underlined = (fault: Parameters<typeof faultPlace>[0]) => {
  const { line, start, end } = faultPlace(fault, text)
  return [line, text.split('\n')[line]?.slice(start, end)]
}

describe('what is underlined of a fault', () => {
  test.each([
    [{ line: 6, column: 10 }, 5, '{{imgae}}'],
    [{ line: 4, column: 7 }, 3, 'Pod'],
    [{ line: 6 }, 5, 'image: {{imgae}}'],
    [{ document: 2 }, 3, 'kind: Pod'],
    [{}, 0, 'kind: Template'],
    [{ line: 6, column: 400 }, 5, 'image: {{imgae}}'],
    [{ line: 6, column: 1 }, 5, 'image: {{imgae}}'],
  ])('%j', (fault, line, word) => {
    expect(underlined(fault)).toEqual([line, word])
  })

  test('is in the text, also where the text became shorter meanwhile', () => {
    expect(faultPlace({ line: 400 }, text).line).toBe(6)
    expect(faultPlace({ line: 3 }, '')).toEqual({ line: 0, start: 0, end: 1 })
  })
})
