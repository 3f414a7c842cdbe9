import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { dockerEntries, tarOf } from '@karvdash/backend/registry/archive/make-archive'
import { toolTemplate } from '../../support/tool-template.ts'
import { until } from '../../support/until.ts'
import type { Workbench } from '../../support/workbench.ts'
import type { OwnEditor } from './own-editor.ts'

/** Images of the registry. */
export function testImages(of: () => OwnEditor): void {
  let own: OwnEditor
  let window: Workbench
  beforeAll(() => {
    own = of()
    window = own.window
  })
  const archive = (layer: string) => tarOf(dockerEntries([{ names: ['tool:1'], layers: [Buffer.from(layer)] }]))
  const tags = async () => {
    const { body } = await own.bob.send('GET', '/api/images/tags?repository=bob/tool')
    return (body as { items: { tag: string; reference: string; addedBy: string }[] }).items
  }

  test('adds the images of a file of a folder, under the name that somebody wants', async () => {
    await writeFile(own.onHost('tool.tar'), archive('first'))
    await window.command('View: Show Explorer')
    await window.row('tool.tar').waitFor()
    await window.menu(window.row('tool.tar'), 'Add Image…')
    await window.answer('Add tool.tar', 'bob/tool:1')
    // Who added it is noted once it is there.
    await until(async () => (await tags()).some(({ addedBy }) => addedBy === 'bob'))
    expect(await tags()).toMatchObject([{ tag: '1', addedBy: 'bob' }])
  })

  test('adds those of a file of this machine, and asks before it replaces a tag', async () => {
    const file = join(own.home, 'own-tool.tar')
    await writeFile(file, archive('second'))
    const add = async (name: string) => {
      await window.command('Karvdash: Add Image…')
      await window.place(/^Add Image: a file/, /^\/tmp\//, file)
      await window.answer('Add own-tool.tar', name)
    }
    await add('bob/tool:2')
    await until(async () => (await tags()).length === 2)
    await add('bob/tool:1')
    await window.page
      .locator('.monaco-dialog-box', { hasText: 'bob/tool:1 is there already' })
      .getByRole('button', { name: 'Cancel' })
      .click()
    const digests = (await tags()).map((one) => (one as { digest?: string }).digest)
    expect(new Set(digests).size).toBe(2)
  })

  test('shows repositories and tags, copies a reference, and launches with an image', async () => {
    await own.bob.send('POST', '/api/templates', { source: toolTemplate })
    await window.command('Karvdash: Focus on Images View')
    await window.row('bob/tool').click()
    const tag = window.page.locator('.monaco-list-row', { hasText: 'linux/amd64' }).first()
    await tag.waitFor()
    await window.picture('vscode-images')
    await window.menu(tag, 'Copy Image Reference')
    const [first] = await tags()
    await until(async () => (await window.page.evaluate(() => navigator.clipboard.readText())) === first?.reference)
    await window.menu(tag, 'Launch with Image…')
    await window.choose('Tool')
    await window.answer('Launch Tool: Name', 'with-image')
    await window.answer('Launch Tool: Image')
    const launched = async () =>
      ((await own.bob.send('GET', '/api/services/with-image/launch')).body as { values?: { image?: string } }).values?.image
    await until(async () => (await launched()) === first?.reference)
  })
  test('opens a folder in what can show it, with the answer given already', async () => {
    await mkdir(own.onHost('plots'), { recursive: true })
    await window.command('View: Show Explorer')
    await window.row('plots').waitFor()
    await window.menu(window.row('plots'), 'Open Folder in…')
    await window.choose('VS Code')
    await window.answer('Launch VS Code: Name', 'in-folder')
    await window.answer('Launch VS Code: Size')
    await window.answer('Launch VS Code: Ready')
    const folder = async () =>
      ((await own.bob.send('GET', '/api/services/in-folder/launch')).body as { values?: { folder?: string } }).values?.folder
    await until(async () => (await folder()) === '/local/plots')
    await window.command('Karvdash: Focus on Services View')
  })
}
