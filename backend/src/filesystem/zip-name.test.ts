import { describe, expect, test } from '@jest/globals'
import { unused } from './unused-name.ts'
import { zipName } from './zip-name.ts'

describe('a name in a zip archive', () => {
  test.each([
    ['plain.txt', 'plain.txt'],
    ['\u00e9\u{1F600}', '\u00e9\u{1F600}'],
    ['a:b', 'a%3Ab'],
    ['a%3Ab', 'a%253Ab'],
    ['100%', '100%'],
    ['con', '%63on'],
    ['CON.tar.gz', '%43ON.tar.gz'],
    ['console', 'console'],
    ['com1', '%63om1'],
    ['end.', 'end%2E'],
    ['end ', 'end%20'],
    ['a\\b', 'a%5Cb'],
    ['\x01', '%01'],
    ['caf\uefe9', 'caf%E9'],
  ])('%j is %j', (name, expected) => expect(zipName(name)).toBe(expected))
})

describe('a name that is not used', () => {
  test.each([
    ['a', [], 'a'],
    ['a', ['a'], 'a (2)'],
    ['a.txt', ['a.txt', 'a (2).txt'], 'a (3).txt'],
    ['a.tar.gz', ['a.tar.gz'], 'a (2).tar.gz'],
    ['.bashrc', ['.bashrc'], '.bashrc (2)'],
    ['\u00e9'.repeat(127), ['\u00e9'.repeat(127)], `${'\u00e9'.repeat(125)} (2)`],
  ])('for %j, where there are %j, is %j', (name, used, expected) => expect(unused(name, new Set(used))).toBe(expected))
})
