import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import { authority } from '@karvdash/local/certificates'
import { activeUser, clientOf, openSystem, type System, until } from '../support/system.ts'
import { startVsCodeWeb, type VsCodeWeb } from '../support/vscode-web.ts'
import { keepPicture, type Workbench } from '../support/workbench.ts'

let system: System
let dave: { username: string; password: string }
let editor: VsCodeWeb
let window: Workbench

beforeAll(async () => {
  system = await openSystem()
  dave = await activeUser(system, `dave${Date.now().toString(36)}`)
  await until('the folder', () => writeFile(onHost('notes.txt'), 'first\n').then(() => true))
  editor = await startVsCodeWeb(system.node.caFile)
  window = await editor.window()
}, 120_000)
afterAll(async () => {
  await editor?.stop()
  await system?.close()
})

const onHost = (name: string) => join(system.folder('local', dave.username), name)
const onDisk = (name: string) => readFile(onHost(name), 'utf8')
const status = (text: string) => window.page.locator('.statusbar-item', { hasText: text })
const dialog = () => window.page.locator('.monaco-dialog-box')
const isClean = (name: string) => window.page.locator('.tab.active:not(.dirty)', { hasText: name }).waitFor()

/** Clicks what the dashboard offers, as far as the browser takes it: the system would hand the link over to VS Code. */
async function linkOfDashboard(): Promise<string> {
  const page = await system.window()
  await page.goto(`${system.url}/#/connect`)
  await page.getByLabel('Username').fill(dave.username)
  await page.getByLabel('Password').fill(dave.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const link = page.getByRole('link', { name: 'Open in VS Code', exact: true })
  await link.waitFor()
  await keepPicture(page, 'connect')
  return (await link.getAttribute('href')) ?? ''
}

async function follow(link: string): Promise<void> {
  await window.page.evaluate((uri) => (globalThis as unknown as { followLink(uri: string): void }).followLink(uri), link)
}

describe('VS Code that is all in the browser, on another origin than the dashboard', () => {
  test("follows the dashboard's link only after asking, and takes a pasted token", async () => {
    const link = await linkOfDashboard()
    const { secret } = await clientOf(system, dave).call(contract.createToken, { body: { name: 'VS Code' } })
    await follow(link)
    await dialog().getByText(`Sign in to ${system.url}?`).waitFor()
    await window.picture('vscode-web-link')
    await dialog().getByRole('button', { name: 'Cancel' }).click()
    await dialog().waitFor({ state: 'detached' })
    expect(await window.page.locator('.quick-input-widget').isVisible()).toBe(false)
    await follow(link)
    await dialog().getByRole('button', { name: 'Sign In' }).click()
    await window.choose('Paste a personal token')
    await window.answer('Token', 'kvd_wrong')
    await window.page.locator('.quick-input-message', { hasText: 'does not know this token' }).waitFor()
    await window.answer('Token', secret)
    await status(dave.username).waitFor()
    await window.notification(`You are signed in to ${system.url}.`).waitFor()
  })

  test('opens the three domains, and is still signed in after the window loaded anew', async () => {
    await window.notification('You are signed in').getByRole('button', { name: 'Open Folder' }).click()
    await window.page.waitForURL(/workspace=karvdash/)
    for (const domain of ['local', 'remote', 'shared']) await window.row(domain).waitFor()
    await status(dave.username).waitFor()
    await window.row('notes.txt').waitFor()
    await window.picture('vscode-web-domains')
  })

  test('saves what was typed: the same bytes on the host', async () => {
    await window.row('notes.txt').dblclick()
    await window.page.locator('.editor-instance .monaco-editor .view-line').first().waitFor()
    await window.type('second 🚀')
    await window.save()
    await until('the bytes on the host', async () => (await onDisk('notes.txt')) === 'first\nsecond 🚀')
    await isClean('notes.txt')
  })

  test('does not overwrite silently what a job changed meanwhile, to the same size even', async () => {
    await window.type('!')
    await writeFile(onHost('notes.txt'), 'FIRST\nsecond 🚀')
    await window.save()
    await window.notification('The content of the file is newer').waitFor()
    // It slides in: under the pointer it stands.
    await window.notification('newer').getByRole('button', { name: 'Overwrite' }).hover()
    await window.picture('vscode-web-conflict')
    expect(await onDisk('notes.txt')).toBe('FIRST\nsecond 🚀')
    await window.notification('newer').getByRole('button', { name: 'Overwrite' }).click()
    await until('the consent', async () => (await onDisk('notes.txt')) === 'first\nsecond 🚀!')
    await isClean('notes.txt')
  })

  test('launches a service, watches it start, gives a shell in it, and deletes it', async () => {
    await window.page.locator('.activitybar .action-label[aria-label^="Karvdash"]').click()
    await window.command('Karvdash: Launch Service')
    await window.choose('Hello')
    for (const question of ['Name', 'Greeting', 'Replicas']) await window.answer(question)
    await window.row('hello, Running').waitFor()
    await window.picture('vscode-web-services')
    await window.command('Karvdash: Open Terminal')
    await window.choose('hello')
    const screen = window.page.locator('.terminal-wrapper.active .xterm-rows')
    await screen.getByText('$').waitFor()
    await window.page.keyboard.type('echo $((6*7))\n')
    await screen.getByText(/^42$/).waitFor()
    await window.picture('vscode-web-terminal')
    await window.command('Karvdash: Delete Service')
    await window.choose('hello')
    await dialog().getByRole('button', { name: 'Delete' }).click()
    await window.row('hello').waitFor({ state: 'detached' })
    expect((await clientOf(system, dave).call(contract.listServices)).items).toEqual([])
  })

  test('says in the question itself that a server cannot be reached that the browser does not trust', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'karvdash-other-'))
    const other = await startVsCodeWeb((await authority(folder, 'Somebody else')).file)
    try {
      const { page, ...asked } = await other.window()
      await asked.command('Karvdash: Sign In')
      await asked.answer('Server', system.url)
      await asked.choose('Paste a personal token')
      await asked.answer('Token', 'kvd_any')
      await page.locator('.quick-input-message', { hasText: `${system.url} cannot be reached` }).waitFor()
      expect(await page.locator('.notification-toast, .monaco-dialog-box').count()).toBe(0)
    } finally {
      await other.stop()
      await rm(folder, { recursive: true })
    }
  })
})
