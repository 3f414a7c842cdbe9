import { expect, test } from '@jest/globals'
import { refusalWords } from './external.ts'

test.each([
  ['name', /cannot be a username/],
  ['taken', /not linked to you/],
  ['inactive', /an administrator activates you/],
  ['failed', /Try again/],
  ['constructor', /Try again/],
  ['', /Try again/],
])('whom the institute did not sign in for "%s" is told what to do', (why, words) => {
  expect(refusalWords(why)).toMatch(words)
})
