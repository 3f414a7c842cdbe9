import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { until } from '../../support/until.ts'
import type { Workbench } from '../../support/workbench.ts'
import type { OwnEditor } from './own-editor.ts'

/** Templates of one's own. */
export function testTemplates(of: () => OwnEditor): void {
  let own: OwnEditor
  let window: Workbench
  beforeAll(() => {
    own = of()
    window = own.window
  })
  const templateText = async (id: string) =>
    String(((await own.bob.send('GET', `/api/templates/${id}/source`)).body as { source?: string }).source)

  test('makes a template of another one, and underlines what is wrong where it is', async () => {
    await window.command('Karvdash: New Template…')
    await window.choose('Hello')
    await window.answer('New Template: Id', 'my-hello')
    await window.page.locator('.tab.active', { hasText: 'my-hello.yaml' }).waitFor()
    await own.text().getByText('id: my-hello').waitFor()
    await window.type('wrong: {{oops}}')
    await window.page.locator('.monaco-editor .squiggly-error').first().waitFor()
    await window.page.keyboard.press('Control+Shift+m')
    const fault = window.page.locator('.markers-panel .monaco-list-row', { hasText: 'Karvdash' })
    await fault.getByText('"oops"').waitFor()
    await window.picture('vscode-template-fault')
    const lines = (await templateText('hello')).split('\n').length
    await fault.getByText(`[Ln ${lines}, Col 10]`).waitFor()
    await window.page.keyboard.press('Control+Shift+m')
  })

  test('saves it, and asks before it overwrites what somebody changed meanwhile', async () => {
    await own.text().first().click()
    await window.page.keyboard.press('Control+End')
    await window.page.keyboard.press('Shift+Home')
    await window.page.keyboard.type('# mine')
    await window.page.locator('.monaco-editor .squiggly-error').first().waitFor({ state: 'detached' })
    await window.save()
    await until(async () => (await templateText('my-hello')).endsWith('# mine'))
    await own.isClean('my-hello.yaml')
    // A text without changes of one's own would be loaded anew, and nothing asked.
    await window.type('!')
    const { body } = await own.bob.send('GET', '/api/templates/my-hello/source')
    const { source, version } = body as { source: string; version: string }
    await own.bob.send('PUT', '/api/templates/my-hello', { source: `${source} or yours`, version })
    await window.save()
    await window.notification('newer').getByRole('button', { name: 'Overwrite' }).hover()
    await window.picture('vscode-template-conflict')
    await window.notification('newer').getByRole('button', { name: 'Overwrite' }).click()
    await until(async () => (await templateText('my-hello')).endsWith('# mine!'))
    await own.isClean('my-hello.yaml')
  })

  test('shows what it would create, launches it, and gives it to others as a file', async () => {
    await window.command('Karvdash: Preview Template')
    await window.page.locator('.tab.active', { hasText: 'my-hello.preview.yaml' }).waitFor()
    await own.text().getByText('The cluster would take all of it.').waitFor()
    await window.picture('vscode-template-preview')
    await window.command('Karvdash: Launch Template')
    await window.choose('Hello', 'yours')
    for (const question of ['Name', 'Greeting', 'Replicas']) await window.answer(question)
    await window.row('my-hello').waitFor()
    await window.command('Karvdash: Export Template…')
    await window.choose('Hello', 'yours')
    await window.page.locator('.quick-input-title', { hasText: 'Export Template' }).waitFor()
    await window.page.locator('.quick-input-widget .monaco-list-row').first().waitFor()
    await window.page.locator('.quick-input-widget .quick-input-action').first().click()
    const file = join(own.cluster.domains, 'shared/my-hello.yaml')
    await until(async () => (await readFile(file, 'utf8')).endsWith('# mine!'))
    // Of a long list only what is in sight is drawn: it gets all the room.
    for (const view of ['Templates', 'Services']) await window.page.locator('.pane-header', { hasText: view }).click()
    await window.row('Hello, yours').waitFor()
    await window.menu(window.row('Hello, yours'), 'Delete Template')
    await window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click()
    await until(async () => (await own.bob.send('GET', '/api/templates/my-hello/source')).status === 404)
    await window.row('Hello, yours').waitFor({ state: 'detached' })
    await window.page.locator('.pane-header', { hasText: 'Services' }).click()
  })

  test('converts one that Karvdash had before, says what it did, and keeps it once that is imported', async () => {
    const variables = '  - name: NAME\n    default: old\n  - name: WORDS\n    default: hi\n    help: What it says.'
    const object = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: $NAME\ndata:\n  words: $WORDS'
    const file = join(own.home, 'old.template.yaml')
    await writeFile(file, `kind: Template\nname: Old\nvariables:\n${variables}\n---\n${object}\n`)
    await window.command('Karvdash: Import Template…')
    const widget = window.page.locator('.quick-input-widget')
    await widget.locator('.quick-input-title', { hasText: 'Import Template' }).waitFor()
    await widget.locator('.monaco-list-row', { hasText: '..' }).first().waitFor()
    await widget.locator('.quick-input-box input').fill(file)
    await widget.locator('.quick-input-action').first().click()
    await window.page.locator('.tab', { hasText: 'What was converted.txt' }).waitFor()
    await own.text().getByText('words: {{words}}').waitFor()
    await window.picture('vscode-template-converted')
    await window.command('Karvdash: Import Template…')
    await window.page.locator('.tab.active', { hasText: 'old.yaml' }).waitFor()
    expect(await templateText('old')).toContain('help: What it says.')
  })
}
