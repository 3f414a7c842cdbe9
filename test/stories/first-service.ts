import { equal, ok } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import type { Page } from 'playwright-core'
import { until } from '../support/system.ts'
import { inState, launch, openService, picture, signedIn } from './acts.ts'
import type { Story } from './story.ts'

const notebook = 'measurements.ipynb'

/** Story 3, web page part: JupyterLab from its template, its states told, opened without a second password, folders in it. */
export const firstService: Story = {
  number: 3,
  title: 'First service',
  async play(system, { alice }) {
    const page = await signedIn(system, alice)
    const name = await launch(page, 'JupyterLab', async (form) => {
      await form.getByLabel('Size').selectOption('Own amounts')
      await form.getByLabel('Memory').fill('1Gi')
      await picture(form, '3-form')
    })
    equal(name, 'jupyterlab')
    await inState(page, name, 'Running', 90_000)
    await picture(page, '3-running')
    const lab = await openService(page, name)
    ok(lab.url().startsWith(system.serviceUrl(name, alice.username)))
    await saveNotebook(lab)
    await picture(lab, '3-jupyterlab')
    const file = joinPath(system.folder('local', alice.username), notebook)
    const onHost = await until('the notebook on the host', async () => readFile(file, 'utf8'))
    ok(onHost.includes('6 * 7'), 'the notebook on the host holds what was typed')
    await page.context().close()
  },
}

/** Writes a notebook below /local as a person would: a new one from the launcher, a cell run, saved under a name. */
async function saveNotebook(lab: Page): Promise<void> {
  await lab.locator('.jp-LauncherCard[data-category="Notebook"]').first().click()
  // A cell that is run before its kernel answers is not run at all.
  await lab.locator('.jp-StatusBar-Widget').getByText('Idle').waitFor()
  const cell = lab.locator('.jp-Notebook .jp-Cell .cm-content').first()
  await cell.click()
  await lab.keyboard.type('6 * 7')
  await lab.keyboard.press('Shift+Enter')
  await lab.locator('.jp-OutputArea-output', { hasText: '42' }).waitFor()
  await lab.keyboard.press('Control+s')
  const input = lab.locator('.jp-Dialog input').first()
  await input.fill(notebook)
  await lab.locator('.jp-Dialog .jp-mod-accept').click()
  await lab.locator('.jp-Dialog').waitFor({ state: 'detached' })
}
