import { expect, test } from '@jest/globals'
import { NewPassword } from './password.ts'

test.each([
  ['seven c', false],
  ['eight ch', true],
  ['x'.repeat(256), true],
  ['x'.repeat(257), false],
  ['Password123', false],
  ['qwertyuiop', false],
  ['пароль на русском', true],
  ['all lower case words', true],
])('whether %j may be chosen as a password: %s', (password, isOne) => {
  expect(NewPassword.safeParse(password).success).toBe(isOne)
})
