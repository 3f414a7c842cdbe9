import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type CodeServer, startCodeServer } from '../support/code-server.ts'
import { connectedEditors, decideCode, endEditors } from '../support/editors.ts'
import { activeUser, origin, type Person, tokenOf } from '../support/people.ts'
import { until } from '../support/until.ts'
import type { Workbench } from '../support/workbench.ts'

/** A name of 255 bytes, the most that a file system takes. */
const longest = (last: string) => `${'é'.repeat(125)}${last}.txt`

let cluster: Cluster
let backend: Backend
let editor: CodeServer
let bob: Person
let window: Workbench
let token: { id: string; secret: string }

beforeAll(async () => {
  cluster = await startCluster('vscode')
  backend = await cluster.backend()
  bob = await activeUser(backend, 'bob')
  token = await tokenOf(bob, 'VS Code')
  await writeFile(onHost('notes.txt'), 'first\n')
  await mkdir(onHost('src'))
  editor = await startCodeServer()
  window = await editor.window('/?ew=true')
  await window.page.context().route(`${origin}/**`, (route) => route.fulfill({ body: 'The dashboard' }))
}, 180_000)
afterAll(async () => {
  await editor?.stop()
  await cluster?.stop()
})

const onHost = (name: string) => join(cluster.domains, 'local/bob', name)
const onDisk = (name: string) => readFile(onHost(name), 'utf8')
const requests = () => backend.log.filter(({ msg, operation }) => msg === 'request' && String(operation).includes('/api/'))
const status = (text: string) => window.page.locator('.statusbar-item', { hasText: text })
/** The local domain is the first one: its row opens it. */
async function openFile(name: string): Promise<void> {
  await window.row(name).dblclick()
  await window.page.locator('.tab.active', { hasText: name }).waitFor()
  await window.page.locator('.editor-instance .monaco-editor .view-line').first().waitFor()
}
const isClean = (name: string) => window.page.locator('.tab.active:not(.dirty)', { hasText: name }).waitFor()
/** Begins to sign in, as far as the code, and has the browser opened with it. */
async function codeShown(): Promise<string> {
  await window.command('Karvdash: Sign In')
  await window.answer('Server', backend.url)
  await window.choose('Sign in with your browser')
  const shown = window.page.locator('.monaco-dialog-box', { hasText: 'Your code is' })
  await shown.waitFor()
  await window.picture('vscode-code')
  const [code = ''] = /[A-Z]{4}-[A-Z]{4}/.exec((await shown.textContent()) ?? '') ?? []
  await shown.getByRole('button', { name: 'Copy & Open' }).click()
  const leaving = window.page.locator('.monaco-dialog-box', { hasText: 'external website' })
  const opened = window.page.context().waitForEvent('page')
  await leaving.getByRole('button', { name: 'Open', exact: true }).click()
  await (await opened).waitForURL(`${origin}/#/connect-editor?code=${code}`)
  await (await opened).close()
  await window.notification(`Approve the code ${code}`).waitFor()
  await window.picture('vscode-code-waits')
  return code
}

describe('VS Code', () => {
  test('asks for the server and a token, says what is wrong with one, and then shows who is signed in', async () => {
    await window.command('Karvdash: Sign In')
    await window.answer('Server', backend.url)
    await window.choose('Paste a personal token')
    await window.answer('Token', 'kvd_wrong')
    await window.page.locator('.quick-input-message', { hasText: 'does not know this token' }).waitFor()
    await window.picture('vscode-wrong-token')
    await window.answer('Token', token.secret)
    await status('bob').waitFor()
  })

  test('opens the three domains, and watches them, with at most fifteen requests until it is idle', async () => {
    const before = requests().length
    await window.command('Karvdash: Open Folder')
    for (const domain of ['local', 'remote', 'shared']) await window.row(domain).waitFor()
    await window.row('notes.txt').waitFor()
    await status('bob').waitFor()
    let seen = 0
    await until(async () => {
      const quiet = requests().length === seen
      seen = requests().length
      await window.page.waitForTimeout(3000)
      return quiet
    })
    await window.picture('vscode-domains')
    expect(seen - before).toBeLessThanOrEqual(15)
  })

  test('saves what was typed: the same bytes on the host', async () => {
    await openFile('notes.txt')
    await window.type('second')
    await window.save()
    await until(async () => (await onDisk('notes.txt')) === 'first\nsecond')
    await isClean('notes.txt')
    await window.type(' third')
    await window.save()
    await until(async () => (await onDisk('notes.txt')) === 'first\nsecond third')
    await isClean('notes.txt')
    expect(await window.notification('newer').count()).toBe(0)
    await window.picture('vscode-saved')
  })

  test('does not overwrite silently what a job changed meanwhile, to the same size even: it offers to compare, and to overwrite', async () => {
    await window.type('!')
    await writeFile(onHost('notes.txt'), 'FIRST\nsecond third')
    await window.save()
    await window.notification('The content of the file is newer').waitFor()
    await window.notification('newer').getByRole('button', { name: 'Compare' }).hover()
    await window.picture('vscode-conflict')
    expect(await onDisk('notes.txt')).toBe('FIRST\nsecond third')
    await window.notification('newer').getByRole('button', { name: 'Compare' }).click()
    await window.page.locator('.monaco-diff-editor .view-line').first().waitFor()
    await window.picture('vscode-compare')
    await window.page.locator('.editor-actions .action-label[aria-label*="Use your changes"]').click()
    await until(async () => (await onDisk('notes.txt')) === 'first\nsecond third!')
    await isClean('notes.txt')

    await window.type('?')
    await writeFile(onHost('notes.txt'), 'a job wrote this')
    await window.save()
    await window.notification('newer').getByRole('button', { name: 'Overwrite' }).click()
    await until(async () => (await onDisk('notes.txt')) === 'first\nsecond third!?')
    await isClean('notes.txt')
  })

  test.each([
    ['a b%20#1? 🚀:é.txt', 'a c%25#2? 🌱:è.txt'],
    ['100%', '100%25'],
    [longest('a'), longest('b')],
  ])('opens, edits, saves, renames and deletes "%s"', async (name, other) => {
    await writeFile(onHost(name), 'odd\n')
    await window.command('Karvdash: Refresh')
    await openFile(name)
    await window.type('more')
    await window.save()
    await until(async () => (await onDisk(name)) === 'odd\nmore')
    await isClean(name)
    await window.row(name).click()
    await window.page.keyboard.press('F2')
    await window.page.locator('.explorer-item-edited input').fill(other)
    await window.page.keyboard.press('Enter')
    await until(async () => (await onDisk(other)) === 'odd\nmore')
    await isClean(other)
    // Until the box of the new name has gone, a click may meet a row that is drawn anew.
    await window.page.locator('.explorer-item-edited').waitFor({ state: 'detached' })
    await window.row(other).click()
    await window.page.locator('.monaco-list:focus-within .monaco-list-row.focused.selected', { hasText: other }).waitFor()
    await window.page.keyboard.press('Shift+Delete')
    await window.page.locator('.monaco-dialog-box').getByText(other).first().waitFor()
    await window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click()
    await window.row(other).waitFor({ state: 'detached' })
    expect(await readdir(onHost('.'))).toEqual(expect.not.arrayContaining([name, other]))
    expect(await window.page.locator('.notification-toast').count()).toBe(0)
  })

  test('makes a folder and a file, renames, and deletes', async () => {
    await window.row('src').click()
    await window.page.locator('.explorer-folders-view').hover()
    await window.page.locator('.action-label[aria-label="New File..."]').first().click()
    await window.page.locator('.explorer-item-edited input').fill('train.py')
    await window.page.keyboard.press('Enter')
    await until(async () => (await readdir(onHost('src'))).includes('train.py'))
    await window.page.locator('.tab.active', { hasText: 'train.py' }).waitFor()
    await window.row('src').click()
    await window.page.keyboard.press('F2')
    await window.page.locator('.explorer-item-edited input').fill('sources')
    await window.page.keyboard.press('Enter')
    await until(async () => (await readdir(onHost('.'))).includes('sources'))
    await window.row('sources').click()
    await window.page.keyboard.press('Shift+Delete')
    await window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click()
    await until(async () => !(await readdir(onHost('.'))).includes('sources'))
    await window.row('sources').waitFor({ state: 'detached' })
  })

  test('asks the questions of a template one by one, launches, and deletes', async () => {
    await window.page.locator('.activitybar .action-label[aria-label^="Karvdash"]').click()
    await window.picture('vscode-no-services')
    await window.command('Karvdash: Launch Service')
    await window.choose('Hello')
    await window.answer('Name', 'Not A Name')
    await window.page.locator('.quick-input-message', { hasText: 'lower-case' }).waitFor()
    await window.answer('Name', 'greeter')
    await window.answer('Greeting')
    await window.answer('Replicas', '7')
    await window.page.locator('.quick-input-message', { hasText: 'whole number from 1 to 3' }).waitFor()
    await window.picture('vscode-launch-question')
    await window.answer('Replicas', '1')
    await window.row('greeter').waitFor()
    await window.picture('vscode-services')
    expect((await bob.send('GET', '/api/services/greeter')).status).toBe(200)
    await window.command('Karvdash: Delete Service')
    await window.choose('greeter')
    await window.picture('vscode-delete')
    await window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click()
    await window.row('greeter').waitFor({ state: 'detached' })
    expect((await bob.send('GET', '/api/services/greeter')).status).toBe(404)
  })

  test('whose token is revoked says so in one place, with one thing to do', async () => {
    await bob.send('DELETE', `/api/account/tokens/${token.id}`)
    await status('Karvdash: Sign In').waitFor()
    await window.page.locator('.welcome-view-content', { hasText: 'You are signed out' }).first().waitFor()
    await window.picture('vscode-revoked')
    expect(await window.page.locator('.notification-toast').count()).toBe(0)
    expect(await window.page.locator('.monaco-dialog-box').count()).toBe(0)
  })

  test('signs in with a code that somebody approves in their browser, for all windows', async () => {
    await decideCode(bob, await codeShown(), true)
    await status('bob').waitFor()
    await window.picture('vscode-signed-in')
    const editors = await connectedEditors(bob)
    expect(editors).toMatchObject([{ client: 'VS Code', machine: hostname(), scopes: ['files', 'services', 'images'] }])
    const other = await editor.window('/?ew=true')
    await other.page.locator('.statusbar-item', { hasText: 'bob' }).waitFor()
    await other.page.close()
  })

  test('that is signed out has ended its sign-in at the server', async () => {
    await window.command('Karvdash: Sign Out')
    await status('Karvdash: Sign In').waitFor()
    await until(async () => (await connectedEditors(bob)).length === 0)
  })

  test('says calmly that somebody refused it', async () => {
    await decideCode(bob, await codeShown(), false)
    await window.notification('refused in the browser').waitFor()
    await window.picture('vscode-code-refused')
    await status('Karvdash: Sign In').waitFor()
    expect(await connectedEditors(bob)).toEqual([])
  })

  test('whose sign-in is ended in the dashboard says so, with one thing to do', async () => {
    await decideCode(bob, await codeShown(), true)
    await status('bob').waitFor()
    await endEditors(bob)
    await status('Karvdash: Sign In').waitFor()
    await window.page.locator('.welcome-view-content', { hasText: 'You are signed out' }).first().waitFor()
    expect(await window.page.locator('.monaco-dialog-box').count()).toBe(0)
  })
})
