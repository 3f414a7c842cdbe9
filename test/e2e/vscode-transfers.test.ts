import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type CodeServer, startCodeServer } from '../support/code-server.ts'
import { type Line, startLine } from '../support/line.ts'
import { activeUser, tokenOf } from '../support/people.ts'
import { until } from '../support/until.ts'
import type { Workbench } from '../support/workbench.ts'

const mebibyte = 2 ** 20

let cluster: Cluster
let backend: Backend
let line: Line
let editor: CodeServer
let window: Workbench
/** Where people have their own files. */
let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'karvdash-own-'))
  cluster = await startCluster('transfers')
  backend = await cluster.backend()
  line = await startLine(backend)
  const frank = await activeUser(backend, 'frank')
  const { secret } = await tokenOf(frank, 'VS Code')
  await mkdir(onHost('data/deep'), { recursive: true })
  await writeFile(onHost('data/deep/table.csv'), '1,2\n')
  await writeFile(onHost('moving.txt'), 'moving\n')
  await writeFile(onHost('notes.txt'), 'first\n')
  editor = await startCodeServer()
  window = await editor.window('/?ew=true')
  await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await window.command('Karvdash: Sign In')
  await window.answer('Server', line.url)
  await window.choose('Paste a personal token')
  await window.answer('Token', secret)
  await window.page.locator('.statusbar-item', { hasText: 'frank' }).waitFor()
  await window.command('Karvdash: Open Folder')
  await window.row('notes.txt').waitFor()
  await window.page.locator('.statusbar-item', { hasText: 'frank' }).waitFor()
}, 180_000)
afterAll(async () => {
  await editor?.stop()
  await line?.stop()
  await cluster?.stop()
  await rm(home, { recursive: true, force: true })
})

const onHost = (name: string) => join(cluster.domains, 'local/frank', name)
const shared = (name: string) => join(cluster.domains, 'shared', name)
const hashOf = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
const listed = () => backend.log.filter(({ operation }) => String(operation).endsWith('/entries')).length

/** A file of people's own. */
async function own(name: string, bytes: number): Promise<string> {
  const file = join(home, name)
  await writeFile(file, randomBytes(bytes))
  return file
}
/** Uploads as the Explorer does, from the machine of the browser. */
async function uploadInExplorer(...files: string[]): Promise<void> {
  await window.row('local').click({ button: 'right' })
  const asked = window.page.waitForEvent('filechooser')
  await window.page.locator('.monaco-menu .action-label', { hasText: /^Upload\.\.\.$/ }).hover()
  // A menu of VS Code takes no click for a tenth of a second after it has opened.
  await window.page.keyboard.press('Enter')
  await (await asked).setFiles(files)
}
/** Presses keys on a row of the Explorer. */
async function press(row: string, keys: string): Promise<void> {
  await window.row(row).click()
  await window.page.locator('.monaco-list:focus-within .monaco-list-row.focused.selected', { hasText: row }).waitFor()
  await window.page.keyboard.press(keys)
}
/** Answers VS Code's own question for a place, once it shows where it begins. */
async function choosePlace(title: RegExp, begins: RegExp, place: string): Promise<void> {
  const widget = window.page.locator('.quick-input-widget')
  const box = widget.locator('.quick-input-box input')
  await widget.locator('.quick-input-title', { hasText: title }).waitFor()
  await until(async () => begins.test(await box.inputValue()))
  await widget.locator('.monaco-list-row', { hasText: '..' }).first().waitFor()
  await box.fill(place)
  await window.picture(`vscode-${title.source.replace(/\W+/g, '-').toLowerCase()}`)
  await widget.locator('.quick-input-action').first().click()
}

describe('VS Code', () => {
  test('shows what others make, write and remove, by itself', async () => {
    await window.row('notes.txt').dblclick()
    const text = window.page.locator('.editor-instance .monaco-editor .view-lines')
    await text.getByText('first').waitFor()
    await writeFile(onHost('made.txt'), 'by a job\n')
    await window.row('made.txt').waitFor()
    await writeFile(onHost('notes.txt'), 'second\n')
    await text.getByText('second').waitFor()
    const before = listed()
    await rm(onHost('made.txt'))
    await window.row('made.txt').waitFor({ state: 'detached' })
    await window.type('third')
    await window.save()
    await until(async () => (await readFile(onHost('notes.txt'), 'utf8')) === 'second\nthird')
    await window.page.locator('.tab.active:not(.dirty)', { hasText: 'notes.txt' }).waitFor()
    // Single entries are asked for, and no folder is listed again.
    expect(before).toBeGreaterThan(0)
    expect(listed() - before).toBe(0)
    expect(await window.notification('newer').count()).toBe(0)
  })

  test('uploads a file whole over a network that is cut in the middle', async () => {
    const file = await own('large.bin', 24 * mebibyte)
    line.hold(12 * mebibyte)
    await uploadInExplorer(file)
    const shown = window.notification('Uploading large.bin')
    await shown.waitFor()
    await until(() => line.sent() > 12 * mebibyte)
    await window.picture('vscode-uploading')
    expect(await readdir(onHost('.'))).not.toContain('large.bin')
    line.cut()
    line.letGo()
    await window.page.locator('.statusbar-item', { hasText: 'Karvdash: Away' }).waitFor()
    await window.picture('vscode-upload-cut')
    const before = line.sent()
    line.mend()
    await until(async () => (await readdir(onHost('.'))).includes('large.bin'))
    await window.row('large.bin').waitFor()
    await shown.waitFor({ state: 'detached' })
    expect(await hashOf(onHost('large.bin'))).toBe(await hashOf(file))
    // What was there already was not sent again.
    expect(line.sent() - before).toBeLessThan(20 * mebibyte)
    await window.picture('vscode-uploaded')
    expect(await window.page.locator('.monaco-dialog-box').count()).toBe(0)
  })

  test('leaves nothing of an upload that is cancelled', async () => {
    const file = await own('unwanted.bin', 24 * mebibyte)
    line.hold(12 * mebibyte)
    await uploadInExplorer(file)
    const shown = window.notification('Uploading unwanted.bin')
    await shown.waitFor()
    await until(async () => (await readdir(onHost('.'))).some((name) => name.startsWith('.karvdash-part-')))
    await shown.getByRole('button', { name: 'Cancel' }).click()
    await shown.waitFor({ state: 'detached' })
    line.letGo()
    await window.picture('vscode-upload-cancelled')
    await until(async () => !(await readdir(onHost('.'))).some((name) => /unwanted|karvdash-part/.test(name)))
    expect(await window.row('unwanted.bin').count()).toBe(0)
  })

  test('copies a folder to another domain inside the server, and moves one', async () => {
    const before = line.sent()
    await press('data', 'Control+c')
    await press('shared', 'Control+v')
    await until(async () => (await readFile(shared('data/deep/table.csv'), 'utf8')) === '1,2\n')
    // The Explorer selects what came: a click before that would be undone.
    await window.page.locator('.monaco-list-row.selected', { hasText: 'data' }).waitFor()
    await press('moving.txt', 'Control+x')
    await press('shared', 'Control+v')
    await until(async () => (await readdir(shared('.'))).includes('moving.txt'))
    await until(async () => !(await readdir(onHost('.'))).includes('moving.txt'))
    await window.picture('vscode-carried')
    expect(line.sent() - before).toBeLessThan(mebibyte)
  })

  test('uploads from the disk of the machine it runs on, and asks before it replaces', async () => {
    await writeFile(join(home, 'notes.txt'), 'mine\n')
    // Questions begin where people are.
    await window.row('notes.txt').dblclick()
    await window.page.locator('.tab.active', { hasText: 'notes.txt' }).waitFor()
    await window.command('Karvdash: Upload…')
    await choosePlace(/^Upload where$/, /^\/local\/$/, '/local/')
    await choosePlace(/^Upload to \/local$/, /^\/tmp\//, join(home, 'notes.txt'))
    const question = window.page.locator('.monaco-dialog-box', { hasText: '"notes.txt" is there already' })
    await question.waitFor()
    await window.picture('vscode-upload-conflict')
    await question.getByRole('button', { name: 'Replace', exact: true }).click()
    await until(async () => (await readFile(onHost('notes.txt'), 'utf8')) === 'mine\n')
  })

  test.each([
    ['notes.txt', 'notes.txt'],
    ['data', 'data.zip'],
  ])('downloads %s to the disk of the machine it runs on', async (name, file) => {
    const to = join(home, `downloaded-${file}`)
    await window.command('Karvdash: Download…')
    await choosePlace(/^Download what$/, /^\/local\/$/, `/local/${name}`)
    // A folder is shown first, and then chosen.
    if (name === 'data') await choosePlace(/^Download what$/, /^\/local\/data\/$/, '/local/data/')
    await choosePlace(/^Download$/, /^\/tmp\//, to)
    await until(() => readFile(to).then(({ length }) => length > 0))
    if (file === 'notes.txt') expect(await readFile(to, 'utf8')).toBe('mine\n')
    else await promisify(execFile)('python3', ['-m', 'zipfile', '-t', to])
  })
})
