import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from '@jest/globals'
import { until } from '../../support/until.ts'
import type { Workbench } from '../../support/workbench.ts'
import type { OwnEditor } from './own-editor.ts'

const mebibyte = 2 ** 20

/** What others change, uploads and downloads, and copies inside the server. */
export function testTransfers(of: () => OwnEditor): void {
  let own: OwnEditor
  let window: Workbench
  beforeAll(() => {
    own = of()
    window = own.window
  })
  beforeAll(async () => {
    await mkdir(own.onHost('data/deep'), { recursive: true })
    await writeFile(own.onHost('data/deep/table.csv'), '1,2\n')
    await writeFile(own.onHost('moving.txt'), 'moving\n')
    await writeFile(own.onHost('watched.txt'), 'first\n')
    await window.row('watched.txt').waitFor()
  })
  const shared = (name: string) => join(own.cluster.domains, 'shared', name)
  const hashOf = async (file: string) =>
    createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
  const listed = () => own.backend.log.filter(({ operation }) => String(operation).endsWith('/entries')).length

  /** A file of people's own. */
  async function ownFile(name: string, bytes: number): Promise<string> {
    const file = join(own.home, name)
    // VS Code opens what was uploaded, and by a zero among the first 512 bytes it knows that this is no text, of which it would ask something.
    await writeFile(file, randomBytes(bytes).fill(0, 0, 1))
    return file
  }
  /** Uploads as the Explorer does, from the machine of the browser. */
  async function uploadInExplorer(...files: string[]): Promise<void> {
    const asked = window.page.waitForEvent('filechooser')
    await window.menu(window.row('local'), 'Upload...')
    await (await asked).setFiles(files)
  }
  /** Presses keys on a row of the Explorer. */
  async function press(row: string, keys: string): Promise<void> {
    await window.row(row).click()
    await window.page.locator('.monaco-list:focus-within .monaco-list-row.focused.selected', { hasText: row }).waitFor()
    await window.page.keyboard.press(keys)
  }
  /** What the clipboard has of VS Code's own. */
  const copied = () =>
    window.page.evaluate(async () => {
      const type = 'web application/vnd.code.resources'
      const [item] = await navigator.clipboard.read()
      return item?.types.includes(type) ? (await item.getType(type)).text() : ''
    })

  test('shows what others make, write and remove, by itself', async () => {
    await window.row('watched.txt').dblclick()
    const text = window.page.locator('.editor-instance .monaco-editor .view-lines')
    await text.getByText('first').waitFor()
    await writeFile(own.onHost('made.txt'), 'by a job\n')
    await window.row('made.txt').waitFor()
    await writeFile(own.onHost('watched.txt'), 'second\n')
    await text.getByText('second').waitFor()
    const before = listed()
    await rm(own.onHost('made.txt'))
    await window.row('made.txt').waitFor({ state: 'detached' })
    await window.type('third')
    await window.save()
    await until(async () => (await readFile(own.onHost('watched.txt'), 'utf8')) === 'second\nthird')
    await window.page.locator('.tab.active:not(.dirty)', { hasText: 'watched.txt' }).waitFor()
    // Single entries are asked for, and no folder is listed again.
    expect(before).toBeGreaterThan(0)
    expect(listed() - before).toBe(0)
    expect(await window.notification('newer').count()).toBe(0)
  })

  test('uploads a file whole over a network that is cut in the middle', async () => {
    const file = await ownFile('large.bin', 24 * mebibyte)
    own.line.hold(12 * mebibyte)
    await uploadInExplorer(file)
    const shown = window.notification('Uploading large.bin')
    await shown.waitFor()
    await until(() => own.line.sent() > 12 * mebibyte)
    await window.picture('vscode-uploading')
    expect(await readdir(own.onHost('.'))).not.toContain('large.bin')
    own.line.cut()
    own.line.letGo()
    await window.page.locator('.statusbar-item', { hasText: 'Karvdash: Away' }).waitFor()
    await window.picture('vscode-upload-cut')
    const before = own.line.sent()
    own.line.mend()
    await until(async () => (await readdir(own.onHost('.'))).includes('large.bin'))
    await window.row('large.bin').waitFor()
    await shown.waitFor({ state: 'detached' })
    expect(await hashOf(own.onHost('large.bin'))).toBe(await hashOf(file))
    // What was there already was not sent again.
    expect(own.line.sent() - before).toBeLessThan(20 * mebibyte)
    await window.picture('vscode-uploaded')
    expect(await window.page.locator('.monaco-dialog-box').count()).toBe(0)
  })

  test('shows each of several files that are uploaded together', async () => {
    await uploadInExplorer(await ownFile('one.bin', 10), await ownFile('two.bin', 10))
    for (const name of ['one.bin', 'two.bin']) await window.row(name).waitFor()
  })

  test('leaves nothing of an upload that is cancelled', async () => {
    const file = await ownFile('unwanted.bin', 24 * mebibyte)
    own.line.hold(12 * mebibyte)
    await uploadInExplorer(file)
    const shown = window.notification('Uploading unwanted.bin')
    await shown.waitFor()
    await until(async () => (await readdir(own.onHost('.'))).some((name) => name.startsWith('.karvdash-part-')))
    await shown.getByRole('button', { name: 'Cancel' }).click()
    await shown.waitFor({ state: 'detached' })
    own.line.letGo()
    await window.picture('vscode-upload-cancelled')
    await until(async () => !(await readdir(own.onHost('.'))).some((name) => /unwanted|karvdash-part/.test(name)))
    expect(await window.row('unwanted.bin').count()).toBe(0)
    // VS Code words what was cancelled as a failure, and leaves that there for a while.
    await window.command('Notifications: Clear All Notifications')
    await window.notification('unwanted.bin').waitFor({ state: 'detached' })
  })

  test('copies a folder to another domain inside the server, and moves one', async () => {
    const before = own.line.sent()
    await press('data', 'Control+c')
    // A paste before the browser has taken the copy would be of nothing.
    await until(async () => (await copied()).includes('/local/data'))
    await press('shared', 'Control+v')
    await until(async () => (await readFile(shared('data/deep/table.csv'), 'utf8')) === '1,2\n')
    // The Explorer selects what came: a click before that would be undone.
    await window.page.locator('.monaco-list-row.selected', { hasText: 'data' }).waitFor()
    await press('moving.txt', 'Control+x')
    // A paste before the Explorer has taken the cut would be of what was copied before.
    await window.page.locator('.explorer-item.cut', { hasText: 'moving.txt' }).waitFor()
    await press('shared', 'Control+v')
    await until(async () => (await readdir(shared('.'))).includes('moving.txt'))
    await until(async () => !(await readdir(own.onHost('.'))).includes('moving.txt'))
    // The Explorer opens the one file that came, and not as a preview: later it would be where people are.
    await window.page.locator('.breadcrumbs-control', { hasText: 'shared' }).waitFor()
    await window.page.locator('.tab.active .monaco-icon-label:not(.italic)', { hasText: 'moving.txt' }).waitFor()
    await window.picture('vscode-carried')
    expect(own.line.sent() - before).toBeLessThan(mebibyte)
  })

  test('uploads from the disk of the machine it runs on, and asks before it replaces', async () => {
    await writeFile(join(own.home, 'watched.txt'), 'mine\n')
    // Questions begin where people are.
    await window.row('watched.txt').dblclick()
    await window.page.locator('.tab.active', { hasText: 'watched.txt' }).waitFor()
    await window.command('Karvdash: Upload…')
    await window.place(/^Upload where$/, /^\/local\/$/, '/local/')
    await window.place(/^Upload to \/local$/, /^\/tmp\//, join(own.home, 'watched.txt'))
    const question = window.page.locator('.monaco-dialog-box', { hasText: '"watched.txt" is there already' })
    await question.waitFor()
    await window.picture('vscode-upload-conflict')
    await question.getByRole('button', { name: 'Replace', exact: true }).click()
    await until(async () => (await readFile(own.onHost('watched.txt'), 'utf8')) === 'mine\n')
  })

  test.each([
    ['watched.txt', 'watched.txt'],
    ['data', 'data.zip'],
  ])('downloads %s to the disk of the machine it runs on', async (name, file) => {
    const to = join(own.home, `downloaded-${file}`)
    await window.command('Karvdash: Download…')
    await window.place(/^Download what$/, /^\/local\/$/, `/local/${name}`)
    // A folder is shown first, and then chosen: before what is in it is there, it would be shown once more.
    if (name === 'data') {
      await window.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'deep' }).waitFor()
      await window.place(/^Download what$/, /^\/local\/data\/$/, '/local/data/')
    }
    await window.place(/^Download$/, /^\/tmp\//, to)
    await until(() => readFile(to).then(({ length }) => length > 0))
    if (file === 'watched.txt') expect(await readFile(to, 'utf8')).toBe('mine\n')
    else await promisify(execFile)('python3', ['-m', 'zipfile', '-t', to])
  })
}
