import { describe, expect, test } from '@jest/globals'
import { cleaned, folderOf, inside, nameOf, untitledName, withoutDrive } from './paths.ts'

describe('a path in a domain', () => {
  test.each([
    ['', ''],
    ['/', ''],
    ['/a/b/', 'a/b'],
    ['a//./b', 'a/b'],
    ['a:b%#?/ü😀 .txt', 'a:b%#?/ü😀 .txt'],
  ])('%j is cleaned to %j', (path, expected) => expect(cleaned(path)).toBe(expected))

  test('has a folder and a name', () => {
    expect([folderOf('/a/b/c.txt'), nameOf('/a/b/c.txt'), folderOf('c.txt'), nameOf('')]).toEqual(['a/b', 'c.txt', '', ''])
    expect(inside('', 'x')).toBe('x')
    expect(inside('a/b', 'x')).toBe('a/b/x')
  })

  test('loses the drive that JupyterLab puts into a name, and no other colon', () => {
    expect(withoutDrive('local', 'a/local:Untitled.ipynb')).toBe('a/Untitled.ipynb')
    expect(withoutDrive('local', '/12:30 measured.txt')).toBe('12:30 measured.txt')
  })
})

test('names that nobody chose are those of JupyterLab', () => {
  expect([0, 1].map((count) => untitledName('file', '.txt', count))).toEqual(['untitled.txt', 'untitled1.txt'])
  expect([0, 2].map((count) => untitledName('directory', '.txt', count))).toEqual(['Untitled Folder', 'Untitled Folder 2'])
  expect([0, 1].map((count) => untitledName('notebook', '.txt', count))).toEqual(['Untitled.ipynb', 'Untitled1.ipynb'])
})
