import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as oauth from 'oauth4webapi'
import type { Page } from 'playwright-core'
import { fillSignIn, picture, signedIn } from '../stories/acts.ts'
import { authorization, discover, type OAuthEditor, redeem } from '../support/oauth.ts'
import { activeUser, openSystem, type System } from '../support/system.ts'

let system: System
let alice: System['admin']
let editor: OAuthEditor
let callback: Server

beforeAll(async () => {
  system = await openSystem()
  alice = await activeUser(system, `editors${Date.now().toString(36)}`)
  editor = await discover(system.url, 'karvdash-cli', (url, asked) => system.fetch(url, asked as RequestInit))
  callback = createServer((_, answer) => answer.end('You can close this page.'))
  await new Promise<void>((resolve) => callback.listen(0, '127.0.0.1', resolve))
}, 60_000)
afterAll(async () => {
  callback?.close()
  await system?.close()
})

const whoIs = (token: string) => system.fetch(`${system.url}/api/account`, { headers: { authorization: `Bearer ${token}` } })
const ask = () =>
  authorization(editor, {
    redirect_uri: `http://127.0.0.1:${(callback.address() as AddressInfo).port}/callback`,
    machine: 'alices laptop',
  })
/** Waits for the browser's own navigation to end, and not only for the request of it: the next step may navigate too. */
const decided = async (page: Page, button: 'Approve' | 'Refuse') => {
  await Promise.all([page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/callback/), page.getByRole('button', { name: button }).click()])
  return new URL(page.url())
}

describe('an editor that opens the browser', () => {
  test('is shown for what it is once somebody has signed in, gets its code at its own address, and is signed out on the account screen', async () => {
    const page = await system.window()
    const asked = await ask()
    await page.goto(system.url + asked.path)
    await page.getByText('Sign in to connect your editor').waitFor()
    await fillSignIn(page, alice)
    await page.getByRole('heading', { name: 'Connect A program on the command line?' }).waitFor()
    for (const words of ['alices laptop', 'a program on this very computer', 'Read, write and delete your files', 'refuse'])
      await page.getByText(words).first().waitFor()
    await picture(page, 'consent')
    const { access_token: token } = await redeem(editor, await decided(page, 'Approve'), asked)
    expect(await (await whoIs(token)).json()).toMatchObject({ name: alice.username })

    await page.goto(`${system.url}/#/account`)
    await page.getByRole('button', { name: 'Sign out A program on the command line' }).click()
    await page.getByText('No editor is connected').waitFor()
    expect((await whoIs(token)).status).toBe(401)
    await page.context().close()
  })

  test('that is refused is told so, and gets no code', async () => {
    const page = await signedIn(system, alice)
    const asked = await ask()
    await page.goto(system.url + asked.path)
    const { searchParams } = await decided(page, 'Refuse')
    expect(Object.fromEntries(searchParams)).toMatchObject({ error: 'access_denied', state: asked.state })
    expect(searchParams.has('code')).toBe(false)
    await page.context().close()
  })

  test('that is VS Code on the desktop is named, and the page says to go back to it', async () => {
    const page = await signedIn(system, alice)
    const vscode = { ...editor, client: { client_id: 'karvdash-vscode' } }
    const asked = await authorization(vscode, { redirect_uri: 'vscodium://karvdash.karvdash/auth', machine: '' })
    await page.goto(system.url + asked.path)
    await page.getByRole('heading', { name: 'Connect VS Code?' }).waitFor()
    for (const words of ['VS Code on this very computer', 'It does not say']) await page.getByText(words).waitFor()
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('You can go back to your editor').waitFor()
    await page.context().close()
  })

  test.each(['request=forged', 'code=BCDFGHJK', 'code=AAAA'])('attack: %s is nothing that could be approved', async (query) => {
    const page = await signedIn(system, alice)
    await page.goto(`${system.url}/#/connect-editor?${query}`)
    await page.getByRole('link', { name: 'Enter a code' }).waitFor()
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
    await page.context().close()
  })

  test('attack: a page that shows ours in a frame, to have it pressed unseen', async () => {
    const asked = await system.fetch(system.url)
    expect(asked.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })
})

describe('an editor that shows a code', () => {
  test('is signed in once somebody has typed it, however they write it', async () => {
    const { server, client, options } = editor
    const parameters = new URLSearchParams({ machine: 'a server', scope: 'files read-only' })
    const begun = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), parameters, options)
    const { device_code, user_code, verification_uri } = await oauth.processDeviceAuthorizationResponse(server, client, begun)
    const page = await signedIn(system, alice)
    await page.goto(verification_uri)
    await page.getByLabel('Code').fill(user_code.toLowerCase().replace('-', ' '))
    await page.keyboard.press('Enter')
    for (const words of [user_code, 'It may change nothing', 'Read your files']) await page.getByText(words).first().waitFor()
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('You can go back to your editor').waitFor()
    const polled = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), device_code, options)
    const { access_token: token, scope } = await oauth.processDeviceCodeResponse(server, client, polled)
    expect(scope).toBe('files read-only')
    expect((await whoIs(token)).status).toBe(200)
    await page.context().close()
  })
})
