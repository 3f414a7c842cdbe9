import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract, type Service } from '@karvdash/common'
import type { Page } from 'playwright-core'
import { type LabPage, labOn } from '../support/jupyter-page.ts'
import { activeUser, clientOf, openSystem, type System, until } from '../support/system.ts'

let system: System
let lab: LabPage
const name = `lab${Date.now().toString(36)}`
const fileOf = (file: string) => join(system.folder('local', name), file)

beforeAll(async () => {
  system = await openSystem()
}, 60_000)
afterAll(() => system?.close())

async function signedIn(user: { username: string; password: string }): Promise<Page> {
  const page = await system.window()
  await page.goto(system.url)
  await page.getByLabel('Username').fill(user.username)
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  return page
}

describe('JupyterLab as its template launches it', () => {
  test('has the extension in it, signed in as its owner with nothing to do', async () => {
    const user = await activeUser(system, name)
    const client = clientOf(system, user)
    await client.call(contract.launchService, { body: { template: 'jupyterlab', values: { memory: '1Gi' } } })
    const running = await until(
      'JupyterLab runs',
      async (): Promise<Service | false> => {
        const service = await client.call(contract.getService, { params: { service: 'jupyterlab' } })
        return service.state === 'Running' && service
      },
      120_000,
    )
    const page = await signedIn(user)
    await page.goto(running.url ?? '')
    lab = await labOn(page)
    const sidebar = await lab.sidebar()
    await sidebar.getByText(name, { exact: true }).waitFor()
    expect(await sidebar.getByRole('button', { name: 'Sign out' }).isVisible()).toBe(false)
    await sidebar.locator('[data-service="jupyterlab"][data-state="Running"]').waitFor()
    await lab.picture('in-the-cluster')
  }, 240_000)

  test('opens and saves a file by its drive with the same bytes on the host, and asks where it changed', async () => {
    await writeFile(fileOf('plan.txt'), 'one\n')
    await lab.refresh('local')
    await lab.open('local', 'plan.txt')
    const editor = lab.page.locator('.jp-FileEditor .cm-content').filter({ visible: true })
    await editor.getByText('one').waitFor()
    await editor.click()
    await lab.page.keyboard.press('ControlOrMeta+End')
    await lab.page.keyboard.type('two')
    await lab.page.keyboard.press('ControlOrMeta+s')
    await until('the bytes on the host', async () => (await readFile(fileOf('plan.txt'), 'utf8')) === 'one\ntwo')
    await writeFile(fileOf('plan.txt'), 'by a job\n')
    await lab.page.keyboard.type(' three')
    await lab.page.keyboard.press('ControlOrMeta+s')
    await lab.dialog().getByText('has changed on disk').waitFor()
    await lab.dialog().getByRole('button', { name: 'Revert' }).click()
    await editor.getByText('by a job').waitFor()
  }, 90_000)

  test('launches hello, which runs, and deletes it', async () => {
    const sidebar = await lab.sidebar()
    await sidebar.getByRole('button', { name: 'Launch Hello' }).click()
    await lab.page.getByRole('form', { name: 'Launch Hello' }).getByRole('button', { name: 'Launch' }).click()
    await sidebar.locator('[data-service="hello"][data-state="Running"]').waitFor({ timeout: 60_000 })
    await lab.picture('hello-runs')
    await sidebar.getByRole('button', { name: 'Delete hello' }).click()
    await lab.dialog().getByRole('button', { name: 'Delete' }).click()
    await sidebar.locator('[data-service="hello"]').waitFor({ state: 'detached' })
  }, 120_000)
})
