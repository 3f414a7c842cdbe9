import { expect, test } from '@jest/globals'
import { randomText } from './pkce.ts'
import { createVault, type Medium } from './vault.ts'

const tokens = { access: 'access-secret', refresh: 'refresh-secret', expiresAt: 5 }

function world() {
  const medium: Medium & { text: string | undefined } = {
    text: undefined,
    get: async () => medium.text,
    set: async (text) => {
      medium.text = text
    },
    remove: async () => {
      medium.text = undefined
    },
  }
  return { medium, vault: createVault(medium), key: randomText() }
}

test('what is kept comes back under its key, and under no other', async () => {
  const { vault, key } = world()
  expect(await vault.read(key)).toBeUndefined()
  await vault.write(key, tokens)
  expect(await vault.read(key)).toEqual(tokens)
  expect(await vault.read(randomText())).toBeUndefined()
  await vault.clear()
  expect(await vault.read(key)).toBeUndefined()
})

test('what lies there tells nothing, not even that it is the same again', async () => {
  const { vault, medium, key } = world()
  await vault.write(key, tokens)
  const first = medium.text
  await vault.write(key, tokens)
  expect(medium.text).not.toBe(first)
  expect(atob((first ?? '').replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('secret')
})

test.each(['', 'nonsense!', 'AAAA', 'A'.repeat(100)])(
  'attack: what somebody put there instead, "%s", is as good as nothing',
  async (text) => {
    const { vault, medium, key } = world()
    medium.text = text
    expect(await vault.read(key)).toBeUndefined()
  },
)
