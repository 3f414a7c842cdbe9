import { describe, expect, test } from '@jest/globals'
import { nameBytes, nameOfBytes } from './entry-name.ts'
import { FilePath, folderOf, nameOf, namesOf, partPrefix, pathIn, rootPath } from './entry-path.ts'

const read = (text: string) => FilePath.safeParse(text)

describe('a path', () => {
  test.each([
    ['', ''],
    ['/', ''],
    ['a', 'a'],
    ['/a/b.txt', 'a/b.txt'],
    ['a b/100%/#1?:x', 'a b/100%/#1?:x'],
    ['...', '...'],
    ['a\\..\\b', 'a\\..\\b'],
    ['line\nbreak', 'line\nbreak'],
    ['\u{1F600}', '\u{1F600}'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('%j is read as %j', (text, path) => {
    expect(FilePath.parse(text)).toBe(path)
  })

  test.each([
    ['../bob', 'no ".."'],
    ['a/../../bob', 'no ".."'],
    ['..', 'no ".."'],
    ['a/./b', 'no "."'],
    ['//etc/passwd', 'no empty names'],
    ['a//b', 'no empty names'],
    ['a/', 'no empty names'],
    ['a\0b', 'NUL'],
    ['\ud800', 'surrogate'],
    ['x'.repeat(256), '255 bytes'],
    ['\u00e9'.repeat(128), '255 bytes'],
    ['abcdefghi/'.repeat(410), '4096 bytes'],
    [`a/${partPrefix}1`, 'being written'],
  ])('%j is refused', (text, complaint) => {
    expect(read(text).error?.issues[0]?.message).toContain(complaint)
  })

  test('is taken apart and put together', () => {
    const path = FilePath.parse('a/b/c')
    expect([nameOf(path), folderOf(path), namesOf(path)]).toEqual(['c', 'a/b', ['a', 'b', 'c']])
    expect([nameOf(rootPath), folderOf(rootPath), namesOf(rootPath)]).toEqual(['', '', []])
    expect(pathIn(rootPath, 'a')).toBe('a')
    expect(pathIn(path, 'd')).toBe('a/b/c/d')
    expect(() => pathIn(path, '../../..')).toThrow()
  })
})

describe('a name that is not UTF-8', () => {
  const latin1 = Uint8Array.from([0x63, 0x61, 0x66, 0xe9, 0x2e, 0x74, 0x78, 0x74])

  test('is written with one private-use character for each odd byte', () => {
    expect(nameOfBytes(latin1)).toBe('caf\uefe9.txt')
    expect(nameBytes('caf\uefe9.txt')).toEqual(latin1)
  })

  test('any bytes come back as they were', () => {
    for (let round = 0; round < 2000; round++) {
      const bytes = Uint8Array.from({ length: 1 + (round % 24) }, () => Math.floor(Math.random() * 256))
      expect(nameBytes(nameOfBytes(bytes))).toEqual(bytes)
    }
  })

  test('a name with a private-use character of that range in UTF-8 is another name than one with the raw byte', () => {
    const inUtf8 = new TextEncoder().encode('\uefe9')
    expect(nameOfBytes(inUtf8)).toBe('\uefee\uefbf\uefa9')
    expect(nameBytes(nameOfBytes(inUtf8))).toEqual(inUtf8)
  })

  test('no slash, dot or NUL hides behind a private-use character', () => {
    for (let code = 0xef80; code <= 0xefff; code++) expect(nameBytes(String.fromCharCode(code))[0]).toBeGreaterThanOrEqual(0x80)
  })

  test('counts with its bytes', () => {
    expect(read('\uefe9'.repeat(255)).success).toBe(true)
    expect(read('\uefe9'.repeat(256)).success).toBe(false)
  })
})
