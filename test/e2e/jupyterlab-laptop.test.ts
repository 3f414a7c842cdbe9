import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { dockerEntries, tarOf } from '@karvdash/backend/registry/archive/make-archive'
import { type Browser, chromium } from 'playwright-core'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { connectedEditors, decideCode, endEditors } from '../support/editors.ts'
import { leaveEndedPod, soonWarned } from '../support/idle.ts'
import { externalRegistry } from '../support/images.ts'
import { type Lab, startLab } from '../support/jupyter.ts'
import { type Front, startFront } from '../support/jupyter-front.ts'
import { type LabPage, openLab } from '../support/jupyter-page.ts'
import { activeUser, origin, type Person, tokenOf } from '../support/people.ts'
import { type RunningRegistry, startRegistry } from '../support/registry.ts'
import { launch } from '../support/services.ts'
import { toolTemplate } from '../support/tool-template.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let registry: RunningRegistry
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
  registry = await startRegistry()
  backend = await cluster.backend({ ...externalRegistry(registry), ...soonWarned })
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
  await registry?.stop()
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
/** Puts a text in the place of the one in the editor that is shown. */
async function write(text: string): Promise<void> {
  await jupyter.page.locator('.jp-Karvdash-editor .cm-content').filter({ visible: true }).click()
  await jupyter.page.keyboard.press('ControlOrMeta+a')
  await jupyter.page.keyboard.insertText(text)
}
const textOf = async (template: string) =>
  (await alice.send('GET', `/api/templates/${template}/source`)).body as { source: string; version: string }
const source = async (template: string) => (await textOf(template)).source
async function change(template: string, text: string): Promise<void> {
  await alice.send('PUT', `/api/templates/${template}`, { source: text, version: (await textOf(template)).version })
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
    // Until JupyterLab knows that it is saved, it may take the focus from what comes next.
    await page.locator('.lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)', { hasText: 'answer.ipynb' }).waitFor()
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
    await jupyter.more('hello', 'Delete')
    await jupyter.dialog().getByText('Everything of it is removed').waitFor()
    await jupyter.dialog().getByRole('button', { name: 'Delete' }).click()
    await row.waitFor({ state: 'detached' })
  })

  test('a service that nobody uses is warned of once, wherever one is at work, and kept from there', async () => {
    await jupyter.browser('local')
    await launch(alice, { template: 'hello', name: 'forgotten' })
    await leaveEndedPod(cluster, { user: 'alice', service: 'forgotten' })
    const warning = jupyter.notification('forgotten: Nothing used it since')
    await warning.waitFor()
    await jupyter.picture('idle')
    const row = (await jupyter.sidebar()).locator('[data-service="forgotten"]')
    await row.getByText('Nothing used it since').waitFor()
    // The service is told of again, for another reason.
    const place = ['-n', 'karvdash-alice', 'pod', 'forgotten']
    await cluster.kubectl('delete', ...place, '--grace-period=0', '--force')
    await row.and(jupyter.page.locator('[data-state="Failed"]')).waitFor({ state: 'detached' })
    expect(await warning.count()).toBe(1)
    await jupyter.picture('idle-row')
    await warning.getByRole('button', { name: 'Keep running' }).click()
    await row.getByText('Nothing used it since').waitFor({ state: 'hidden' })
    await warning.waitFor({ state: 'detached' })
    expect((await alice.send('GET', '/api/services/forgotten')).body).not.toHaveProperty('idle')
    await alice.send('DELETE', '/api/services/forgotten')
  })

  test('a launch is previewed, saved, opened again and forgotten', async () => {
    const sidebar = await jupyter.sidebar()
    await sidebar.getByLabel('Search', { exact: true }).fill('greets')
    expect(await sidebar.locator('[data-template]').count()).toBe(1)
    await sidebar.getByRole('button', { name: 'Launch Hello' }).click()
    const form = jupyter.page.getByRole('form', { name: 'Launch Hello' })
    await form.getByLabel('Greeting').fill('Kalimera')
    await form.getByRole('button', { name: 'Preview' }).click()
    await jupyter.page.getByText('The cluster would take all of it.').waitFor()
    await jupyter.page.locator('.cm-content').getByText('Kalimera').waitFor()
    await jupyter.picture('preview')
    await jupyter.page.getByRole('tab', { name: 'Launch Hello' }).click()
    await form.getByRole('button', { name: 'Save …' }).click()
    await jupyter.dialog().locator('input').fill('My greeting')
    await jupyter.dialog().getByRole('button', { name: 'Save' }).click()
    await form.getByRole('button', { name: 'Cancel' }).click()
    await sidebar.getByLabel('Search', { exact: true }).fill('')
    await sidebar.getByRole('button', { name: 'Open My greeting' }).click()
    await jupyter.page.getByText('as you saved it. Passwords').waitFor()
    expect(await form.getByLabel('Greeting').inputValue()).toBe('Kalimera')
    await sidebar.getByRole('button', { name: 'Forget My greeting' }).click()
    await sidebar.locator('[data-launch]').waitFor({ state: 'detached' })
  })

  test('a template of ones own is written with its faults told, kept, and not overwritten when somebody else changed it', async () => {
    const { page } = jupyter
    const sidebar = await jupyter.sidebar()
    await sidebar.getByRole('button', { name: 'New template …' }).click()
    const faults = page.getByRole('status', { name: 'Faults' })
    await faults.getByText('No faults: My template asks one thing.').waitFor()
    const text = (await source('hello')).replace('id: hello', 'id: mine').replace('name: Hello', 'name: Mine')
    await write(text.replace('\n    label: Greeting', '\n\tlabel: Greeting'))
    await faults.getByRole('button', { name: /^Line 14/ }).click()
    await jupyter.picture('template-faults')
    await write(text)
    await faults.getByText('No faults: Mine asks 2 things.').waitFor()
    await page.keyboard.press('ControlOrMeta+s')
    await page.getByText('mine is saved.').waitFor()
    await sidebar.getByRole('button', { name: 'Launch Mine' }).getByText('yours').waitFor()
    await change('mine', text.replace('Mine', 'Theirs'))
    await write(text.replace('Mine', 'Ours'))
    await page.keyboard.press('ControlOrMeta+s')
    await jupyter.dialog().getByText('mine was changed elsewhere').waitFor()
    await jupyter.dialog().getByRole('button', { name: 'Cancel' }).click()
    expect(await source('mine')).toContain('name: Theirs')
    await page.keyboard.press('ControlOrMeta+s')
    await jupyter.dialog().getByRole('button', { name: 'Overwrite' }).click()
    await sidebar.getByRole('button', { name: 'Launch Ours' }).waitFor()
    expect(await source('mine')).toContain('name: Ours')
    await jupyter.more('Ours', 'Delete Template')
    await jupyter.dialog().getByRole('button', { name: 'Delete' }).click()
    await sidebar.locator('[data-template="mine"]').waitFor({ state: 'detached' })
  })

  test('passwords that are made for a service are shown once', async () => {
    const word = 'variables:\n  - {name: word, type: password, label: Word, generate: true}\n'
    const text = (await source('hello')).replace('id: hello', 'id: sealed').replace('name: Hello', 'name: Sealed')
    await alice.send('POST', '/api/templates', { source: text.replace('variables:\n', word) })
    await jupyter.command('Launch Service')
    await jupyter.dialog().locator('select').selectOption('Sealed')
    await jupyter.dialog().getByRole('button', { name: 'Ok' }).click()
    const form = jupyter.page.getByRole('form', { name: 'Launch Sealed' })
    await form.getByRole('button', { name: 'Launch' }).click()
    await jupyter.dialog().getByText('Made for sealed, and shown this once.').waitFor()
    const made = await jupyter.dialog().getByLabel('Word', { exact: true }).inputValue()
    expect(made.length).toBeGreaterThan(15)
    await jupyter.dialog().getByRole('button', { name: 'Copy Word' }).click()
    await jupyter.dialog().getByRole('button', { name: 'Done' }).click()
    await (await jupyter.sidebar()).locator('[data-service="sealed"]').waitFor()
    expect(await everythingInPage()).not.toContain(made)
  })

  test('a template that runs once per user leads to the service that there is already', async () => {
    const text = (await source('hello')).replace('id: hello', 'id: alone').replace('name: Hello', 'name: Alone')
    await alice.send('POST', '/api/templates', { source: text.replace('variables:\n', 'singleton: true\nvariables:\n') })
    await alice.send('POST', '/api/services', { template: 'alone' })
    await jupyter.command('Launch Service')
    await jupyter.dialog().locator('select').selectOption('Alone')
    await jupyter.dialog().getByRole('button', { name: 'Ok' }).click()
    const form = jupyter.page.getByRole('form', { name: 'Launch Alone' })
    await form.getByRole('button', { name: 'Launch' }).click()
    expect(await form.getByRole('link', { name: 'Open alone' }).getAttribute('href')).toMatch(/^https:\/\/alone-alice\./)
  })

  test('a template of before is converted when it is imported, and any is exported', async () => {
    const { page } = jupyter
    const sidebar = await jupyter.sidebar()
    const old =
      'kind: Template\nname: Old\nvariables:\n- name: NAME\n  default: old\n---\napiVersion: extensions/v1beta1\nkind: Deployment\nmetadata:\n  name: $NAME\n'
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      sidebar.getByRole('button', { name: 'Import …' }).click(),
    ])
    await chooser.setFiles({ name: 'old.template.yaml', mimeType: 'application/yaml', buffer: Buffer.from(old) })
    await page.getByText('This was a template of before.').waitFor()
    await page.locator('.cm-content').filter({ visible: true }).getByText('{{service.name}}').waitFor()
    await jupyter.picture('template-converted')
    const [download] = await Promise.all([page.waitForEvent('download'), jupyter.more('Hello', 'Export to a File')])
    expect([download.suggestedFilename(), await readFile(await download.path(), 'utf8')]).toEqual([
      'hello.yaml',
      await source('hello'),
    ])
  })

  test('images are added from the computer and from a folder, copied and launched with', async () => {
    const { page } = jupyter
    const sidebar = await jupyter.sidebar()
    const archive = (layer: string) => tarOf(dockerEntries([{ names: ['tool:1'], layers: [Buffer.from(layer)] }]))
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      sidebar.getByRole('button', { name: 'Upload image …' }).click(),
    ])
    await chooser.setFiles({ name: 'tool.tar', mimeType: 'application/x-tar', buffer: archive('first') })
    await jupyter.dialog().getByLabel('Name').fill('no name')
    await jupyter.dialog().getByRole('button', { name: 'Add' }).click()
    await jupyter.dialog().getByText('A repository’s name is such as').waitFor()
    await jupyter.picture('image-name')
    await jupyter.dialog().getByLabel('Name').fill('alice/tool:1')
    await jupyter.dialog().getByRole('button', { name: 'Add' }).click()
    await jupyter.notification('alice/tool:1 is added.').waitFor()
    await writeFile(onHost('second.tar'), archive('second'))
    await jupyter.browser('local')
    await jupyter.entry('local', 'second.tar').waitFor()
    await jupyter.contextMenu('local', 'second.tar', 'Add Image to the Registry')
    await jupyter.dialog().getByLabel('Name').fill('alice/tool:2')
    expect(await jupyter.dialog().getByLabel('File').inputValue()).toBe('/local/second.tar')
    await jupyter.dialog().getByRole('button', { name: 'Add' }).click()
    await jupyter.notification('alice/tool:2 is added.').waitFor()

    await alice.send('POST', '/api/templates', { source: toolTemplate })
    await jupyter.sidebar()
    await sidebar.getByText('alice/tool 2 tags').click()
    const reference = 'registry.karvdash.test:8443/alice/tool:2'
    await sidebar.getByRole('button', { name: `Copy reference of ${reference}` }).click()
    await jupyter.notification(`${reference} is copied.`).waitFor()
    await jupyter.picture('images')
    await sidebar.getByRole('button', { name: `Launch with ${reference}` }).click()
    await jupyter.dialog().locator('select').selectOption('Tool')
    await jupyter.dialog().getByRole('button', { name: 'Ok' }).click()
    const form = page.getByRole('form', { name: 'Launch Tool' })
    expect(await form.getByLabel('Image').inputValue()).toBe(reference)
    await form.getByRole('button', { name: 'Cancel' }).click()
  })

  test('a folder is opened in what can show it, the form filled in', async () => {
    await mkdir(onHost('notes'), { recursive: true })
    await jupyter.browser('local')
    await jupyter.entry('local', 'notes').waitFor()
    await jupyter.contextMenu('local', 'notes', 'Open Folder in …')
    await jupyter.dialog().locator('select').selectOption('VS Code')
    await jupyter.dialog().getByRole('button', { name: 'Ok' }).click()
    const form = jupyter.page.getByRole('form', { name: 'Launch VS Code' })
    expect(await form.getByLabel('Folder').inputValue()).toBe('/local/notes')
    await jupyter.picture('open-in')
    await form.getByRole('button', { name: 'Cancel' }).click()
  })

  test('one calm state while the server is away, and all is there again when it is back', async () => {
    failures = []
    front.leave()
    const sidebar = await jupyter.sidebar()
    await sidebar.getByText('cannot be reached at the moment').waitFor()
    await (await jupyter.browser('local')).getByRole('button', { name: 'Try again' }).waitFor()
    await jupyter.picture('away')
    expect(await jupyter.dialog().count()).toBe(0)
    const again = (await jupyter.browser('local')).getByRole('button', { name: 'Try again' })
    front.comeBack()
    // It is tried again by itself too: then there is nothing to press any more.
    await Promise.race([again.click(), again.waitFor({ state: 'hidden' })])
    await jupyter.entry('local', 'data.bin').waitFor()
    const complaints = jupyter.page.getByText('cannot be reached at the moment').filter({ visible: true })
    await complaints.first().waitFor({ state: 'detached' })
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
    // The page may learn of it from a stream that ended, before the server was told.
    await until(async () => (await connectedEditors(alice)).length === 0)
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
