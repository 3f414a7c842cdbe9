import { readdir, readFile, writeFile } from 'node:fs/promises'
import { beforeAll, expect, test } from '@jest/globals'
import { until } from '../../support/until.ts'
import type { Workbench } from '../../support/workbench.ts'
import type { OwnEditor } from './own-editor.ts'

/** A name of 255 bytes, the most that a file system takes. */
const longest = (last: string) => `${'é'.repeat(125)}${last}.txt`

/** Folders and files in the Explorer. */
export function testFiles(of: () => OwnEditor): void {
  let own: OwnEditor
  let window: Workbench
  beforeAll(() => {
    own = of()
    window = own.window
  })
  const onDisk = (name: string) => readFile(own.onHost(name), 'utf8')
  const requests = () => own.backend.log.filter(({ msg, operation }) => msg === 'request' && String(operation).includes('/api/'))
  /** The local domain is the first one: its row opens it. */
  async function openFile(name: string): Promise<void> {
    await window.row(name).dblclick()
    await window.page.locator('.tab.active', { hasText: name }).waitFor()
    await own.text().locator('.view-line').first().waitFor()
  }
  /** Until the box of a new name has gone, a click may meet a row that is drawn anew. */
  async function select(name: string): Promise<void> {
    await window.page.locator('.explorer-item-edited').waitFor({ state: 'detached' })
    await window.row(name).click()
    await window.page.locator('.monaco-list:focus-within .monaco-list-row.focused.selected', { hasText: name }).waitFor()
  }

  test('asks for the server and a token, says what is wrong with one, and then shows who is signed in', async () => {
    await window.command('Karvdash: Sign In')
    await window.answer('Server', own.line.url)
    await window.choose('Paste a personal token')
    await window.answer('Token', 'kvd_wrong')
    await window.page.locator('.quick-input-message', { hasText: 'does not know this token' }).waitFor()
    await window.picture('vscode-wrong-token')
    await window.answer('Token', own.token.secret)
    await own.status('bob').waitFor()
  })

  test('opens the three domains, and watches them, with at most fifteen requests until it is idle', async () => {
    const before = requests().length
    await window.command('Karvdash: Open Folder')
    for (const domain of ['local', 'remote', 'shared']) await window.row(domain).waitFor()
    await window.row('notes.txt').waitFor()
    await own.status('bob').waitFor()
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
    await own.isClean('notes.txt')
    await window.type(' third')
    await window.save()
    await until(async () => (await onDisk('notes.txt')) === 'first\nsecond third')
    await own.isClean('notes.txt')
    expect(await window.notification('newer').count()).toBe(0)
    await window.picture('vscode-saved')
  })

  test('does not overwrite silently what a job changed meanwhile, to the same size even: it offers to compare, and to overwrite', async () => {
    await window.type('!')
    await writeFile(own.onHost('notes.txt'), 'FIRST\nsecond third')
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
    await own.isClean('notes.txt')

    await window.type('?')
    await writeFile(own.onHost('notes.txt'), 'a job wrote this')
    await window.save()
    await window.notification('newer').getByRole('button', { name: 'Overwrite' }).click()
    await until(async () => (await onDisk('notes.txt')) === 'first\nsecond third!?')
    await own.isClean('notes.txt')
  })

  // Before others delete: while the Explorer draws anew, it forgets what somebody is about to name.
  test('makes a folder and a file, renames, and deletes', async () => {
    await window.row('src').click()
    await window.page.locator('.explorer-folders-view').hover()
    await window.page.locator('.action-label[aria-label="New File..."]').first().click()
    await window.page.locator('.explorer-item-edited input').fill('train.py')
    await window.page.keyboard.press('Enter')
    await until(async () => (await readdir(own.onHost('src'))).includes('train.py'))
    await window.page.locator('.tab.active', { hasText: 'train.py' }).waitFor()
    await window.row('src').click()
    await window.page.keyboard.press('F2')
    await window.page.locator('.explorer-item-edited input').fill('sources')
    await window.page.keyboard.press('Enter')
    await until(async () => (await readdir(own.onHost('.'))).includes('sources'))
    await select('sources')
    await window.page.keyboard.press('Shift+Delete')
    await window.page.locator('.monaco-dialog-box').getByText('sources').first().waitFor()
    await window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click()
    await until(async () => !(await readdir(own.onHost('.'))).includes('sources'))
    await window.row('sources').waitFor({ state: 'detached' })
  })

  test.each([
    ['a b%20#1? 🚀:é.txt', 'a c%25#2? 🌱:è.txt'],
    ['100%', '100%25'],
    [longest('a'), longest('b')],
  ])('opens, edits, saves, renames and deletes "%s"', async (name, other) => {
    await writeFile(own.onHost(name), 'odd\n')
    await window.command('Karvdash: Refresh')
    await openFile(name)
    await window.type('more')
    await window.save()
    await until(async () => (await onDisk(name)) === 'odd\nmore')
    await own.isClean(name)
    await window.row(name).click()
    await window.page.keyboard.press('F2')
    await window.page.locator('.explorer-item-edited input').fill(other)
    await window.page.keyboard.press('Enter')
    await until(async () => (await onDisk(other)) === 'odd\nmore')
    await own.isClean(other)
    await select(other)
    await window.page.keyboard.press('Shift+Delete')
    await window.page.locator('.monaco-dialog-box').getByText(other).first().waitFor()
    await window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click()
    await window.row(other).waitFor({ state: 'detached' })
    expect(await readdir(own.onHost('.'))).toEqual(expect.not.arrayContaining([name, other]))
    expect(await window.page.locator('.notification-toast').count()).toBe(0)
  })
}
