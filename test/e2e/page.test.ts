import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { picture, signedIn } from '../stories/acts.ts'
import { complaintsOfAxe, overflowOf } from '../support/axe.ts'
import { activeUser, clientOf, openSystem, type System } from '../support/system.ts'

type Player = System['admin']

let system: System
let alice: Player
let bob: Player

beforeAll(async () => {
  system = await openSystem()
  // Names that nobody has yet: the instance may have been played on.
  const run = Date.now().toString(36)
  alice = await activeUser(system, `pagealice${run}`)
  bob = await activeUser(system, `pagebob${run}`)
  const [hers, his] = [clientOf(system, alice), clientOf(system, bob)]
  await hers.call(contract.changeProfile, { body: { displayName: 'Alice Liddell' } })
  await hers.call(contract.createToken, { body: { name: 'laptop', scopes: ['files', 'read-only'] } })
  await hers.call(contract.launchService, { body: { template: 'hello' } })
  await his.call(contract.launchService, { body: { template: 'hello', name: 'greeter' } })
  await his.call(contract.shareService, { params: { service: 'greeter', user: alice.username }, body: {} })
}, 60_000)
afterAll(() => system?.close())

const newCode = async () => {
  const body = new URLSearchParams({ client_id: 'karvdash-vscode', machine: 'alices laptop' })
  const answer = await system.fetch(`${system.url}/oauth/device_authorization`, { method: 'POST', body })
  return ((await answer.json()) as { user_code: string }).user_code
}
const goTo = async (page: Page, hash: string, seen: Locator) => {
  await page.goto(`${system.url}/#/${hash}`)
  await seen.waitFor()
}

describe.each<[string, BrowserContextOptions]>([
  ['on a wide screen, light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
  ['on a wide screen, dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
  ['on a phone, light', { viewport: { width: 360, height: 740 }, colorScheme: 'light' }],
  ['on a phone, dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
])('%s, axe finds nothing and nothing is wider than the window', (where, options) => {
  const slug = where.replace(/\W+/g, '-')
  const look = async (page: Page, name: string) => {
    await picture(page, `page-${name}-${slug}`)
    expect({ name, complaints: await complaintsOfAxe(page), overflow: await overflowOf(page) }).toEqual({
      name,
      complaints: [],
      overflow: 0,
    })
  }

  test('before signing in', async () => {
    const page = await system.window(options)
    await goTo(page, '', page.getByLabel('Username'))
    await look(page, 'sign-in')
    await goTo(page, 'sign-up', page.getByLabel('Email'))
    await page.getByRole('button', { name: 'Sign up' }).click()
    await look(page, 'sign-up')
    await goTo(page, 'password?code=x', page.getByLabel('New password'))
    await look(page, 'password')
    await page.context().close()
  })

  test('for a user', async () => {
    const page = await signedIn(system, alice, options)
    await page.getByRole('heading', { name: 'Shared with you' }).waitFor()
    await look(page, 'services')
    await page.getByRole('button', { name: 'Share hello' }).click()
    await look(page, 'share')
    await page.getByRole('button', { name: 'Close' }).click()
    await goTo(page, 'launch/jupyterlab', page.getByLabel('Memory'))
    await look(page, 'launch')
    await goTo(page, 'account', page.getByRole('button', { name: 'Revoke laptop' }))
    await page.getByText('This one').waitFor()
    await look(page, 'account')
    await goTo(page, 'connect', page.getByRole('heading', { name: 'Connect your editor' }))
    await look(page, 'connect')
    await goTo(page, 'connect-editor', page.getByLabel('Code'))
    await look(page, 'code')
    await goTo(page, `connect-editor?code=${await newCode()}`, page.getByRole('button', { name: 'Approve' }))
    await look(page, 'consent')
    await goTo(page, 'refused', page.getByRole('heading', { name: 'Not your service' }))
    await look(page, 'refused')
    await page.context().close()
  })

  test('for an administrator, and for one who acts as somebody', async () => {
    const page = await signedIn(system, system.admin, options)
    await goTo(page, 'audit', page.locator('.audit li').first())
    await look(page, 'audit')
    await goTo(page, 'users', page.getByLabel('Search'))
    await page.getByRole('button', { name: 'Invite' }).click()
    await look(page, 'invite')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByLabel('Search').fill(alice.username)
    await page.getByRole('button', { name: `Manage ${alice.username}` }).click()
    await look(page, 'users')
    await page.getByRole('button', { name: `Delete: ${alice.username}` }).click()
    await page.getByRole('button', { name: `Delete ${alice.username}` }).click()
    await page.getByText('Choose what is to become of the files.').waitFor()
    await look(page, 'delete')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: `Act as: ${alice.username}` }).click()
    await look(page, 'question')
    await page.getByRole('button', { name: 'Act as', exact: false }).last().click()
    await page.getByText('You act as').waitFor()
    await page.locator('[data-service="hello"]').waitFor()
    await look(page, 'acting')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('link', { name: 'Users' }).waitFor()
    await page.context().close()
  })
})

describe('with the keyboard alone', () => {
  /** Goes on with Tab until it is there, as people do. */
  const tabTo = async (page: Page, aim: Locator) => {
    for (let presses = 0; presses < 80; presses++) {
      if (await aim.evaluate((node) => node === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`The keyboard does not get to ${aim}`)
  }
  const press = async (page: Page, aim: Locator, key = 'Enter') => {
    await aim.waitFor()
    await tabTo(page, aim)
    await page.keyboard.press(key)
  }

  test('people sign in, make a token and revoke it, and sign out', async () => {
    const page = await system.window()
    await page.goto(system.url)
    await page.getByLabel('Username').waitFor()
    await page.keyboard.type(alice.username)
    await page.keyboard.press('Tab')
    await page.keyboard.type(alice.password)
    await page.keyboard.press('Enter')
    await press(page, page.getByRole('link', { name: 'Account' }))
    await page.getByLabel('Token name').waitFor()
    await tabTo(page, page.getByLabel('Token name'))
    await page.keyboard.type('keys')
    await press(page, page.getByLabel('Images'), 'Space')
    await press(page, page.getByRole('button', { name: 'Create token' }))
    await page.getByLabel('Secret of keys').waitFor()
    await page.locator('li', { hasText: 'keys' }).getByText('Files, Services ·').waitFor()
    await page.locator('body').press('Home')
    await press(page, page.getByRole('button', { name: 'Revoke keys' }))
    await press(page, page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }))
    await page.getByRole('button', { name: 'Revoke keys' }).waitFor({ state: 'detached' })
    await press(page, page.getByRole('button', { name: 'Sign out', exact: true }))
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.context().close()
  })

  test('an administrator invites somebody, and deletes them; a window that is left gives the focus back', async () => {
    const name = `keys${randomBytes(4).toString('hex')}`
    const page = await signedIn(system, system.admin)
    await press(page, page.getByRole('link', { name: 'Users' }))
    await press(page, page.getByRole('button', { name: 'Invite' }))
    await page.keyboard.type(name)
    await tabTo(page, page.getByLabel('Email'))
    await page.keyboard.type(`${name}@example.org`)
    await page.keyboard.press('Enter')
    const link = page.getByLabel(`Password link for ${name}`)
    await link.waitFor()
    expect(await link.inputValue()).toContain(`${system.url}/#/password?code=`)
    await page.keyboard.press('Escape')
    await tabTo(page, page.getByLabel('Search'))
    await page.keyboard.type(name)
    await press(page, page.getByRole('button', { name: `Manage ${name}` }))
    const open = page.getByRole('button', { name: `Delete: ${name}` })
    await press(page, open)
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    expect(await open.evaluate((node) => node === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await tabTo(page, page.getByLabel('Files in'))
    await page.keyboard.type('Erase')
    await tabTo(page, page.getByRole('dialog').getByLabel('Username'))
    await page.keyboard.type(name)
    await page.keyboard.press('Enter')
    await page.locator(`[data-user="${name}"]`).waitFor({ state: 'detached' })
    await page.context().close()
  })
})
