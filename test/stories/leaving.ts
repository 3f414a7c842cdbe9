import { match, notEqual, ok } from 'node:assert/strict'
import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { basic, type System, until } from '../support/system.ts'
import { fillSignIn, inState, picture, signedIn } from './acts.ts'
import type { Player, Story } from './story.ts'

const service = 'jupyterlab'

/** Story 12: a user is shut out at once and let in again as before; deleted, with what goes shown before, though the backend is killed at it. */
export const leaving: Story = {
  number: 12,
  title: 'Leaving',
  async play(system, { alice }) {
    const page = await signedIn(system, alice)
    await inState(page, service, 'Running', 90_000)
    const admin = await signedIn(system, system.admin)
    await admin.getByRole('link', { name: 'Users' }).click()
    await admin.getByLabel('Search').fill(alice.username)
    await deactivate(system, alice, { page, admin })

    await admin.getByRole('button', { name: `Activate ${alice.username}`, exact: true }).click()
    await admin.getByText('Active', { exact: true }).waitFor()
    await fillSignIn(page, alice)
    await inState(page, service, 'Running', 90_000)
    ok((await stat(notebookOf(system, alice))).size > 0)

    await remove(system, alice, admin)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await Promise.all([page.context().close(), admin.context().close()])
  },
}

/** Her page tells it by itself, and so do sign-in and her service; her files are untouched. */
async function deactivate(system: System, alice: Player, { page, admin }: { page: Page; admin: Page }): Promise<void> {
  await admin.getByRole('button', { name: `Deactivate ${alice.username}` }).click()
  await admin.getByRole('alertdialog').getByRole('button', { name: 'Deactivate' }).click()
  await page.getByText('You are signed out').waitFor()
  await fillSignIn(page, alice)
  await page.getByText('This user is not active').waitFor()
  await picture(page, '12-deactivated')
  const answer = await system.fetch(system.serviceUrl(service, alice.username), { headers: basic(alice) })
  notEqual(answer.status, 200)
  await admin.getByText('Deactivated', { exact: true }).waitFor()
  await until('her pods to be gone', async () => (await pods(system, alice)) === '')
  ok((await stat(notebookOf(system, alice))).size > 0)
}

/** What goes is shown, and what becomes of her files is asked; it is finished although nobody is left who began it. */
async function remove(system: System, { username }: Player, admin: Page): Promise<void> {
  await admin.getByRole('button', { name: `Manage ${username}` }).click()
  await admin.getByRole('button', { name: `Delete: ${username}` }).click()
  const dialog = admin.getByRole('dialog')
  match((await dialog.getByRole('list').textContent()) ?? '', /service.*jupyterlab.*in \/local/s)
  await dialog.getByLabel('Files in').selectOption('archive')
  await dialog.getByLabel('Username').fill(username)
  await picture(admin, '12-delete')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await admin.getByText('Being deleted', { exact: true }).waitFor()
  const backends = ['-n', 'karvdash', '-l', 'app.kubernetes.io/component=backend']
  await system.kubectl('delete', 'pod', ...backends, '--grace-period=0', '--force')
  await admin.locator(`[data-user="${username}"]`).waitFor({ state: 'detached', timeout: 120_000 })
  const archive = join(dirname(system.folder('local', username)), '.archive')
  ok((await readdir(archive)).some((name) => name.startsWith(`${username}-`)))
  ok(!(await system.kubectl('get', 'namespaces', '-o', 'name')).includes(`karvdash-${username}`))
}

function pods(system: System, { username }: Player): Promise<string> {
  return system.kubectl('get', 'pods', '-n', `karvdash-${username}`, '-o', 'name')
}

function notebookOf(system: System, { username }: Player): string {
  return join(system.folder('local', username), 'measurements.ipynb')
}
