import { describe, expect, test } from '@jest/globals'
import { createConflicts, type Stamp } from './conflicts.ts'

const key = 'server/local/a.txt'
const saving = { create: true, overwrite: true }
const first: Stamp = { etag: '"1"', size: 5, modified: 1000 }
const theirs: Stamp = { etag: '"2"', size: 9, modified: 2000 }
const sameSize: Stamp = { etag: '"3"', size: 5, modified: 2000 }

/** A file that an editor opened, and in which somebody typed. */
function edited() {
  const conflicts = createConflicts()
  conflicts.asked(key, first)
  conflicts.read(key, first)
  conflicts.edited(key, true)
  return conflicts
}

/** VS Code's own rule, from its text file service: it compares times, then what it makes of time and size. */
function vscodeAsks(opened: { size: number; modified: number }, now: { size: number; modified: number }): boolean {
  return now.modified > opened.modified && now.size !== opened.size
}

describe('a file that is saved', () => {
  test('without a change on the server is written on the condition of what was read, again and again', () => {
    const conflicts = edited()
    const asked = conflicts.asked(key, first)
    expect(vscodeAsks(first, asked)).toBe(false)
    expect(conflicts.condition(key, saving)).toEqual({ ifMatch: '"1"' })
    conflicts.wrote(key, theirs)
    const again = conflicts.asked(key, theirs)
    expect(again).toEqual({ size: theirs.size, modified: theirs.modified })
    expect(conflicts.condition(key, saving)).toEqual({ ifMatch: '"2"' })
  })

  test.each([
    ['another size', theirs],
    ['the same size', sameSize],
    ['the same size and time', { ...sameSize, modified: first.modified }],
    ['an older time', { ...sameSize, modified: 500 }],
  ])('after a change on the server to %s makes VS Code ask', (_, changed) => {
    const conflicts = edited()
    expect(vscodeAsks(first, conflicts.asked(key, changed))).toBe(true)
  })

  test('with consent to overwrite is written on the condition of what VS Code asked about', () => {
    const conflicts = edited()
    conflicts.asked(key, sameSize)
    expect(conflicts.condition(key, saving)).toEqual({ ifMatch: sameSize.etag })
  })

  test('is refused where the server changed after the last look', () => {
    const conflicts = edited()
    conflicts.asked(key, first)
    expect(conflicts.condition(key, saving)).toEqual({ ifMatch: first.etag })
  })

  test('is compared with what was read when the typing began, whoever read it since', () => {
    const conflicts = edited()
    conflicts.read(key, theirs)
    expect(vscodeAsks(first, conflicts.asked(key, theirs))).toBe(true)
  })

  test('is compared anew once the editor has no changes any more', () => {
    const conflicts = edited()
    conflicts.edited(key, false)
    conflicts.read(key, theirs)
    conflicts.edited(key, true)
    expect(conflicts.asked(key, theirs)).toEqual({ size: theirs.size, modified: theirs.modified })
  })

  test('that is gone from the server is made anew, never over one that came meanwhile', () => {
    const conflicts = edited()
    conflicts.askedInVain(key)
    expect(conflicts.condition(key, saving)).toEqual({ ifNoneMatch: '*' })
  })
})

describe('a file that nobody read', () => {
  test('is made only where VS Code found nothing', () => {
    const conflicts = createConflicts()
    expect(conflicts.condition(key, { create: true, overwrite: false })).toEqual({ ifNoneMatch: '*' })
    expect(conflicts.condition(key, { create: false, overwrite: true })).toEqual({ ifMatch: '*' })
    conflicts.asked(key, theirs)
    expect(conflicts.condition(key, saving)).toEqual({ ifMatch: theirs.etag })
  })
})

test('a time moves on whenever the content does, and stays where the content stays', () => {
  const conflicts = createConflicts()
  expect(conflicts.asked(key, first).modified).toBe(1000)
  const sameTick = { ...sameSize, modified: 1000 }
  expect(conflicts.asked(key, sameTick).modified).toBe(1001)
  expect(conflicts.asked(key, sameTick).modified).toBe(1001)
})

test('a folder that is gone takes along what was known below it, and nothing beside it', () => {
  const conflicts = createConflicts()
  for (const one of ['s/local/a', 's/local/a/b', 's/local/ab']) {
    conflicts.read(one, first)
    conflicts.edited(one, true)
  }
  conflicts.forget('s/local/a')
  expect(['s/local/a', 's/local/a/b', 's/local/ab'].map((one) => conflicts.isDirty(one))).toEqual([false, false, true])
})
