import { readFile, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Browser, chromium } from 'playwright-core'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { connectedEditors, decideCode, endEditors } from '../support/editors.ts'
import { type Lab, startLab } from '../support/jupyter.ts'
import { type Front, startFront } from '../support/jupyter-front.ts'
import { type LabPage, openLab } from '../support/jupyter-page.ts'
import { activeUser, origin, type Person, tokenOf } from '../support/people.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let front: Front
/** The same server behind a certificate that nobody vouches for. */
let stranger: Front
let lab: Lab
let alice: Person
let browser: Browser
let jupyter: LabPage
let failures: string[] = []

beforeAll(async () => {
  cluster = await startCluster('jupyterlab')
  backend = await cluster.backend()
  front = await startFront(backend)
  stranger = await startFront(backend)
  alice = await activeUser(backend, 'alice')
  lab = await startLab({ KARVDASH_CA_FILE: front.caFile })
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } })
  page.setDefaultTimeout(30_000)
  page.on('pageerror', (error) => failures.push(error.message))
  jupyter = await openLab(page, lab.url)
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await lab?.stop()
  await front?.stop()
  await stranger?.stop()
  await cluster?.stop()
})

const onHost = (name: string) => join(cluster.domains, 'local/alice', name)
const textOnHost = (name: string) => readFile(onHost(name), 'utf8')
const save = () => jupyter.page.keyboard.press('ControlOrMeta+s')
const editor = () => jupyter.page.locator('.jp-FileEditor .cm-content').filter({ visible: true })

async function type(text: string): Promise<void> {
  await editor().click()
  await jupyter.page.keyboard.press('ControlOrMeta+End')
  await jupyter.page.keyboard.type(text)
}
const kept = async () => JSON.parse(await readFile(lab.credentialsFile, 'utf8')) as { token: string; refresh: string }
const everythingInPage = () =>
  jupyter.page.evaluate(() => document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }))

describe('JupyterLab on a laptop', () => {
  test('says calmly that nobody is signed in or that a certificate is not trusted, and keeps a token only once it was accepted', async () => {
    const local = await jupyter.browser('local')
    await local.getByText('Sign in to Karvdash to see your folders and services.').waitFor()
    await jupyter.signIn(front.url, 'kvd_alice_000000000000_00000000000000000000000000000000')
    const sidebar = await jupyter.sidebar()
    await sidebar.getByText('does not accept the token').waitFor()
    await expect(stat(lab.credentialsFile)).rejects.toThrow('ENOENT')
    await jupyter.signIn(stranger.url, (await tokenOf(alice)).secret)
    await sidebar.getByText('certificate').first().waitFor()
    await expect(stat(lab.credentialsFile)).rejects.toThrow('ENOENT')
    await jupyter.signIn(front.url, (await tokenOf(alice)).secret)
    await sidebar.getByText(`alice at ${new URL(front.url).host}`).waitFor()
    expect((await stat(lab.credentialsFile)).mode & 0o777).toBe(0o600)
  })

  test('no token is anywhere in the page', async () => {
    expect(await everythingInPage()).not.toContain((await kept()).token)
  })

  test('shows the three domains, and opens, edits and saves a file with the same bytes on the host', async () => {
    await writeFile(onHost('a b%#?:ü😀.txt'), 'first\n')
    for (const domain of ['remote', 'shared', 'local'])
      await (await jupyter.browser(domain)).getByText(`/${domain}`, { exact: true }).waitFor()
    await jupyter.refresh('local')
    await jupyter.open('local', 'a b%#?:ü😀.txt')
    await editor().getByText('first').waitFor()
    await type('second')
    await save()
    await until(async () => (await textOnHost('a b%#?:ü😀.txt')) === 'first\nsecond')
  })

  test('opens and saves a file whose name has as many bytes as a name can have', async () => {
    const name = `${'é'.repeat(125)}x.txt`
    await writeFile(onHost(name), 'long\n')
    await jupyter.refresh('local')
    await jupyter.open('local', name)
    await editor().getByText('long').waitFor()
    await type('longer')
    await save()
    await until(async () => (await textOnHost(name)) === 'long\nlonger')
    await jupyter.open('local', 'a b%#?:ü😀.txt')
  })

  test('does not overwrite what changed meanwhile: the native question is asked', async () => {
    await writeFile(onHost('a b%#?:ü😀.txt'), 'by a job\n')
    await type(' third')
    await save()
    await jupyter.dialog().getByText('has changed on disk').waitFor()
    await jupyter.picture('conflict')
    expect(await textOnHost('a b%#?:ü😀.txt')).toBe('by a job\n')
    await jupyter.dialog().getByRole('button', { name: 'Revert' }).click()
    await editor().getByText('by a job').waitFor()
  })

  test('a new notebook runs, is saved under a name, and lies on the host as Jupyter writes it', async () => {
    await jupyter.newNotebook('local')
    const { page } = jupyter
    const cell = page.locator('.jp-Notebook .jp-Cell .cm-content').first()
    await cell.click()
    await page.keyboard.type('6 * 7')
    await page.keyboard.press('Shift+Enter')
    await page.locator('.jp-OutputArea-output', { hasText: '42' }).waitFor()
    await save()
    await jupyter.dialog().locator('input').first().fill('answer.ipynb')
    await jupyter.dialog().getByRole('button', { name: 'Rename and Save' }).click()
    const text = await until(async () => {
      const found = await textOnHost('answer.ipynb')
      return found.includes('6 * 7') ? found : ''
    })
    await jupyter.picture('notebook')
    expect(text.startsWith('{\n "cells": [\n')).toBe(true)
    expect(text.endsWith('\n}\n')).toBe(true)
  })

  test('renames and deletes', async () => {
    await jupyter.command('Open Folder /local')
    await jupyter.contextMenu('local', 'answer.ipynb', 'Rename')
    await jupyter.page.locator('.jp-DirListing-editor').fill('measured.ipynb')
    await jupyter.page.keyboard.press('Enter')
    await until(() => stat(onHost('measured.ipynb')))
    await jupyter.entry('local', 'measured.ipynb').waitFor()
    await jupyter.contextMenu('local', 'a b%#?:ü😀.txt', 'Move to Trash')
    await jupyter.dialog().getByText('gone for good').waitFor()
    await jupyter.dialog().getByRole('button', { name: 'Delete' }).click()
    await jupyter.entry('local', 'a b%#?:ü😀.txt').waitFor({ state: 'detached' })
    await expect(stat(onHost('a b%#?:ü😀.txt'))).rejects.toThrow('ENOENT')
  })

  test('uploads a file as it is, and asks before it replaces one', async () => {
    const bytes = Buffer.alloc(3_000_000, 'karvdash')
    const upload = (buffer: Buffer) => jupyter.upload('local', { name: 'data.bin', mimeType: 'application/octet-stream', buffer })
    await upload(bytes)
    await until(async () => bytes.equals(await readFile(onHost('data.bin'))))
    await jupyter.entry('local', 'data.bin').waitFor()
    await upload(Buffer.from('other'))
    await jupyter.dialog().getByText('Replace data.bin?').waitFor()
    await jupyter.dialog().getByRole('button', { name: 'Replace' }).click()
    await until(async () => (await textOnHost('data.bin')) === 'other')
  })

  test('launches hello from its form, shows its state, and deletes it', async () => {
    const sidebar = await jupyter.sidebar()
    await sidebar.getByRole('button', { name: 'Launch Hello' }).click()
    const form = jupyter.page.getByRole('form', { name: 'Launch Hello' })
    await form.getByLabel('Replicas').fill('9')
    await form.getByRole('button', { name: 'Launch' }).click()
    await form.getByText('must be a whole number from 1 to 3').waitFor()
    await form.getByLabel('Replicas').fill('1')
    await form.getByRole('button', { name: 'Launch' }).click()
    const row = sidebar.locator('[data-service="hello"]')
    await row.waitFor()
    await jupyter.picture('services')
    await row.getByRole('button', { name: 'Delete hello' }).click()
    await jupyter.dialog().getByRole('button', { name: 'Delete' }).click()
    await row.waitFor({ state: 'detached' })
  })

  test('one calm state while the server is away, and all is there again when it is back', async () => {
    failures = []
    front.leave()
    const sidebar = await jupyter.sidebar()
    await sidebar.getByText('cannot be reached at the moment').waitFor()
    await (await jupyter.browser('local')).getByRole('button', { name: 'Try again' }).waitFor()
    await jupyter.picture('away')
    expect(await jupyter.dialog().count()).toBe(0)
    front.comeBack()
    await (await jupyter.browser('local')).getByRole('button', { name: 'Try again' }).click()
    await jupyter.entry('local', 'data.bin').waitFor()
    await jupyter.page.getByText('cannot be reached at the moment').filter({ visible: true }).waitFor({ state: 'detached' })
    expect(failures).toEqual([])
  })

  test('a token that is revoked ends it within seconds, and the page says what to do', async () => {
    const tokens = (await alice.send('GET', '/api/account/tokens')).body as { items: { id: string }[] }
    for (const { id } of tokens.items) await alice.send('DELETE', `/api/account/tokens/${id}`)
    const sidebar = await jupyter.sidebar()
    await sidebar.getByText('Sign in again.').waitFor()
    await sidebar.getByRole('button', { name: 'Use your browser instead' }).waitFor()
  })

  test('signs in with a code that somebody approves in their browser, and nothing of it but the code is in the page', async () => {
    const code = await jupyter.signInCode(front.url)
    const sidebar = await jupyter.sidebar()
    const link = sidebar.getByRole('link', { name: 'Approve it in the dashboard' })
    expect(await link.getAttribute('href')).toBe(`${origin}/#/connect-editor?code=${code}`)
    await jupyter.picture('code')
    await decideCode(alice, code, true)
    await sidebar.getByText(`alice at ${new URL(front.url).host}`).waitFor()
    expect(await connectedEditors(alice)).toMatchObject([{ client: 'JupyterLab', machine: hostname() }])
    await jupyter.browser('local')
    await jupyter.entry('local', 'data.bin').waitFor()
    expect((await stat(lab.credentialsFile)).mode & 0o777).toBe(0o600)
    const { token, refresh } = await kept()
    const inPage = await everythingInPage()
    for (const secret of [token, refresh]) expect(inPage).not.toContain(secret)
  })

  test('goes on with the next tokens when those it has are over', async () => {
    const before = await kept()
    await writeFile(lab.credentialsFile, JSON.stringify({ ...before, expiresAt: 0 }))
    await jupyter.refresh('local')
    const after = await until(async () => {
      const found = await kept()
      return found.refresh === before.refresh ? undefined : found
    })
    expect(after.token).not.toBe(before.token)
    await jupyter.entry('local', 'data.bin').waitFor()
    expect(await connectedEditors(alice)).toHaveLength(1)
  })

  test('that is signed out has ended its sign-in at the server', async () => {
    await (await jupyter.sidebar()).getByRole('button', { name: 'Sign out' }).click()
    await (await jupyter.sidebar()).getByRole('button', { name: 'Sign in with your browser' }).waitFor()
    expect(await connectedEditors(alice)).toEqual([])
    await expect(stat(lab.credentialsFile)).rejects.toThrow('ENOENT')
  })

  test('says calmly that somebody refused it, and waits no more for who cancels', async () => {
    await decideCode(alice, await jupyter.signInCode(front.url), false)
    const sidebar = await jupyter.sidebar()
    await sidebar.getByText('The sign-in was refused in the browser.').waitFor()
    await jupyter.picture('code-refused')
    await jupyter.signInCode(front.url)
    await sidebar.getByRole('button', { name: 'Cancel' }).click()
    await sidebar.getByRole('button', { name: 'Sign in with your browser' }).waitFor()
  })

  test('whose sign-in is ended in the dashboard says what to do', async () => {
    await decideCode(alice, await jupyter.signInCode(front.url), true)
    const sidebar = await jupyter.sidebar()
    await sidebar.getByText(`alice at ${new URL(front.url).host}`).waitFor()
    await endEditors(alice)
    await sidebar.getByText('The sign-in was ended').waitFor()
    await sidebar.getByRole('button', { name: 'Sign in with your browser' }).waitFor()
    await jupyter.picture('ended')
  })
})
