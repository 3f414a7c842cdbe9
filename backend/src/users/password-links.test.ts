import { expect, test } from '@jest/globals'
import { fakeAccounts } from './fake-accounts.ts'
import { createPasswordLinks } from './password-links.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { createSigner } from './signer.ts'

const password = 'a new long one'

async function setUp() {
  const clock = { now: Date.parse('2026-01-01T00:00:00Z') }
  const session = { id: 's', createdAt: '', seenAt: '', agent: '', address: '' }
  const accounts = fakeAccounts(
    { user: 'alice', password: await hashPassword('old password'), sessions: [session] },
    { user: 'bob' },
  )
  const links = createPasswordLinks({ accounts, signer: createSigner(Buffer.alloc(32, 1)), clock: () => clock.now })
  return { clock, accounts, links }
}

test('a link sets the password and ends every session', async () => {
  const { accounts, links } = await setUp()
  const { code, expiresAt } = await links.issue('alice')
  expect(expiresAt).toBe('2026-01-02T00:00:00.000Z')
  expect(await links.choose({ code, password })).toBe('alice')
  expect(await isPassword(password, accounts.known('alice')?.password)).toBe(true)
  expect(accounts.known('alice')?.sessions).toEqual([])
})

test('a link works once, and not beside another one for the same password', async () => {
  const { links } = await setUp()
  const [one, two] = [await links.issue('alice'), await links.issue('alice')]
  await links.choose({ code: one.code, password })
  for (const { code } of [one, two]) await expect(links.choose({ code, password })).rejects.toMatchObject({ status: 400 })
})

test('a link is good for a day, for its own user, as it was made', async () => {
  const { links, clock } = await setUp()
  const { code } = await links.issue('alice')
  const [claim = '', signature = ''] = code.split('.')
  const other = Buffer.from(Buffer.from(claim, 'base64url').toString().replace('alice', 'bob')).toString('base64url')
  for (const forged of ['', '.', claim, `${other}.${signature}`])
    await expect(links.choose({ code: forged, password })).rejects.toMatchObject({ status: 400 })
  clock.now += 86_400_001
  await expect(links.choose({ code, password })).rejects.toMatchObject({ status: 400 })
})

test('somebody who has no password yet gets one by a link, and until then none is right', async () => {
  const { links, accounts } = await setUp()
  expect(await isPassword('', accounts.known('bob')?.password)).toBe(false)
  await links.choose({ code: (await links.issue('bob')).code, password })
  expect(await isPassword(password, accounts.known('bob')?.password)).toBe(true)
})
