import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Locator, Page } from 'playwright-core'
import { signedIn } from '../stories/acts.ts'
import { activeUser, openSystem, type System } from '../support/system.ts'

let system: System
let alice: System['admin']

beforeAll(async () => {
  system = await openSystem()
  alice = await activeUser(system, `keys${Date.now().toString(36)}`)
}, 60_000)
afterAll(() => system?.close())

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
