import { describe, expect, test } from '@jest/globals'
import { deedWords, doerWords, resultWords, wayWords } from './words.ts'

describe('the audit log in words', () => {
  test('tells what was done, also where nobody found words for it', () => {
    expect(deedWords({ operation: 'POST /api/services' })).toBe('launched a service')
    expect(deedWords({ operation: 'POST /oauth/token' })).toBe('signed in by an editor, or went on in it')
    expect(deedWords({ operation: 'POST /somewhere/else' })).toBe('POST /somewhere/else')
  })

  test('tells an administrator who stops acting as somebody from somebody who signs out', () => {
    expect(deedWords({ operation: 'DELETE /api/session' })).toBe('signed out')
    expect(deedWords({ operation: 'DELETE /api/session', actor: 'admin' })).toBe('stopped acting')
  })

  test.each([
    [{ user: 'alice' }, 'alice'],
    [{ user: 'alice', actor: 'admin' }, 'admin as alice'],
    [{}, 'Somebody'],
  ])('says of %j that it was %s', (entry, words) => {
    expect(doerWords(entry)).toBe(words)
  })

  test.each([
    [204, 'Done'],
    [302, 'Done'],
    [403, 'Refused: not allowed'],
    [418, 'Refused (418)'],
    [503, 'Failed (503)'],
  ])('status %d is %s', (status, words) => {
    expect(resultWords(status)).toBe(words)
  })

  test.each([
    ['cookie', 'in a browser'],
    ['carrier pigeon', 'carrier pigeon'],
    [undefined, undefined],
  ])('the way %s is %s', (via, words) => {
    expect(wayWords(via)).toBe(words)
  })
})
