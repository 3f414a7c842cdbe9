import { describe, expect, test } from '@jest/globals'
import { landingOf, placeWords } from './landing.ts'

describe('the browser goes back to an editor', () => {
  test.each([
    'http://127.0.0.1:45678/callback?code=x',
    'http://[::1]:1/callback?error=access_denied',
    'vscode://karvdash.karvdash/auth?code=x',
    'vscode-insiders://karvdash.karvdash/auth?code=x',
    'vscodium://karvdash.karvdash/auth?code=x',
  ])('at %s', (location) => {
    expect(landingOf(location)).toBe(location)
  })

  test.each([
    'https://127.0.0.1:45678/callback?code=x',
    'http://127.0.0.1/callback?code=x',
    'http://127.0.0.1:0/callback?code=x',
    'http://127.0.0.1:80/other?code=x',
    'http://127.0.0.1:80@evil.example/callback?code=x',
    'http://127.0.0.1.evil.example:80/callback?code=x',
    'http://localhost:45678/callback?code=x',
    'https://evil.example/callback?code=x',
    'javascript:alert(1)//callback?',
    'vscode://another.extension/auth?code=x',
    'vscode:karvdash.karvdash/auth?code=x',
    ' http://127.0.0.1:45678/callback?code=x',
    '',
    undefined,
  ])('attack: and not at %s', (location) => {
    expect(landingOf(location)).toBeUndefined()
  })
})

test.each([
  ['http://127.0.0.1:45678', 'a program on this very computer'],
  ['vscode://karvdash.karvdash', 'VS Code on this very computer'],
  ['192.0.2.1', 'the address 192.0.2.1'],
  ['http://127.0.0.1.evil.example', 'the address http://127.0.0.1.evil.example'],
])('%s is told as %s', (place, words) => {
  expect(placeWords(place)).toBe(words)
})
