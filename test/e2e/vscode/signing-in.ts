import { hostname } from 'node:os'
import { beforeAll, expect, test } from '@jest/globals'
import { connectedEditors, decideCode, endEditors } from '../../support/editors.ts'
import { origin } from '../../support/people.ts'
import { until } from '../../support/until.ts'
import type { Workbench } from '../../support/workbench.ts'
import type { OwnEditor } from './own-editor.ts'

/** Signing in and out, and what others do to a sign-in. */
export function testSigningIn(of: () => OwnEditor): void {
  let own: OwnEditor
  let window: Workbench
  beforeAll(() => {
    own = of()
    window = own.window
  })
  /** Begins to sign in, as far as the code, and has the browser opened with it. */
  async function codeShown(): Promise<string> {
    await window.command('Karvdash: Sign In')
    await window.answer('Server', own.backend.url)
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

  test('whose token is revoked says so in one place, with one thing to do', async () => {
    await own.bob.send('DELETE', `/api/account/tokens/${own.token.id}`)
    await own.status('Karvdash: Sign In').waitFor()
    await window.page.locator('.welcome-view-content', { hasText: 'You are signed out' }).first().waitFor()
    await window.picture('vscode-revoked')
    expect(await window.page.locator('.notification-toast .notification-list-item-message').allTextContents()).toEqual([])
    expect(await window.page.locator('.monaco-dialog-box').count()).toBe(0)
  })

  test('signs in with a code that somebody approves in their browser, for all windows', async () => {
    await decideCode(own.bob, await codeShown(), true)
    await own.status('bob').waitFor()
    await window.picture('vscode-signed-in')
    const editors = await connectedEditors(own.bob)
    expect(editors).toMatchObject([{ client: 'VS Code', machine: hostname(), scopes: ['files', 'services', 'images'] }])
    const other = await own.editor.window('/?ew=true')
    await other.page.locator('.statusbar-item', { hasText: 'bob' }).waitFor()
    await other.page.close()
  })

  test('that is signed out has ended its sign-in at the server', async () => {
    await window.command('Karvdash: Sign Out')
    await own.status('Karvdash: Sign In').waitFor()
    await until(async () => (await connectedEditors(own.bob)).length === 0)
  })

  test('says calmly that somebody refused it', async () => {
    await decideCode(own.bob, await codeShown(), false)
    await window.notification('refused in the browser').waitFor()
    await window.picture('vscode-code-refused')
    await own.status('Karvdash: Sign In').waitFor()
    expect(await connectedEditors(own.bob)).toEqual([])
  })

  test('whose sign-in is ended in the dashboard says so, with one thing to do', async () => {
    await decideCode(own.bob, await codeShown(), true)
    await own.status('bob').waitFor()
    await endEditors(own.bob)
    await own.status('Karvdash: Sign In').waitFor()
    await window.page.locator('.welcome-view-content', { hasText: 'You are signed out' }).first().waitFor()
    expect(await window.page.locator('.monaco-dialog-box').count()).toBe(0)
  })
}
