import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type System, until } from '../support/system.ts'
import type { Player } from './story.ts'

const pictures = fileURLToPath(new URL('../dist/pictures', import.meta.url))

/** Keeps a picture of what a person sees now, for people to look at; nothing compares it. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: `${pictures}/${name}.png` })
}

/** Fills in the sign-in form that is shown. */
export async function fillSignIn(page: Page, { username, password }: Player): Promise<void> {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** A window in which somebody is signed in to the dashboard. */
export async function signedIn(system: System, player: Player, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await system.window(options)
  await page.goto(system.url)
  await fillSignIn(page, player)
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  return page
}

/** Signs somebody up in a window of their own. */
export async function signUp(system: System, { username, password }: Player): Promise<Page> {
  const page = await system.window()
  await page.goto(system.url)
  await page.getByRole('link', { name: 'Sign up' }).click()
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Email').fill(`${username}@example.org`)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByText('an administrator activates you').waitFor()
  return page
}

/** The admin activates somebody; comes back when the button has stopped spinning. */
export async function activate(system: System, { username }: Player): Promise<Page> {
  const page = await signedIn(system, system.admin)
  await page.getByRole('link', { name: 'Users' }).click()
  const row = page.getByRole('listitem').filter({ hasText: username })
  await row.getByRole('button', { name: 'Activate' }).click()
  await row.getByText('Active', { exact: true }).waitFor()
  return page
}

/** Launches from a template's form and waits until the service runs. */
export async function launch(
  page: Page,
  template: string,
  fill: (page: Page) => Promise<void> = async () => undefined,
): Promise<string> {
  await page.getByRole('link', { name: 'Services' }).click()
  await page.getByRole('link', { name: `Launch ${template}`, exact: true }).click()
  await fill(page)
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/api/services') && response.request().method() === 'POST'),
    page.getByRole('button', { name: 'Launch' }).click(),
  ])
  const { name } = (await answer.json()) as { name: string }
  return name
}

/** Waits until a service in the list is in a state. */
export async function inState(page: Page, service: string, state: string, timeout = 30_000): Promise<void> {
  await page.locator(`[data-service="${service}"][data-state="${state}"]`).waitFor({ timeout })
}

/** Deletes a service and waits until its row is gone. */
export async function remove(page: Page, service: string): Promise<void> {
  await page.getByRole('button', { name: `Delete ${service}`, exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await page.locator(`[data-service="${service}"]`).waitFor({ state: 'detached' })
}

/** Opens a service that runs by its link in the list; gives the window that shows it. */
export async function openService(page: Page, service: string): Promise<Page> {
  const [opened] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: `Open ${service}`, exact: true }).click(),
  ])
  await opened.waitForLoadState('domcontentloaded')
  // The ingress controller learns a moment after the platform who is there to answer, and says meanwhile itself that nobody is.
  await until(`${service} itself to answer`, async () => {
    if (!(await opened.getByText('no available server').isVisible())) return true
    await opened.reload()
    return false
  })
  return opened
}
