import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract, type Service } from '@karvdash/common'
import type { Locator, Page } from 'playwright-core'
import { type LabPage, labOn } from '../support/jupyter-page.ts'
import { activeUser, clientOf, openSystem, reached, type System, until } from '../support/system.ts'

/** Makes the smallest package that pip installs. */
const makesWheel = `
import zipfile
with zipfile.ZipFile('/local/kept-1.0-py3-none-any.whl', 'w') as wheel:
    wheel.writestr('kept.py', 'word = "still here"')
    wheel.writestr('kept-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: kept\\nVersion: 1.0\\n')
    wheel.writestr('kept-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('kept-1.0.dist-info/RECORD', '')
`

/** As a kernel does that was running before: what it imports was not there when it started. */
const installsAsKernel = `
import subprocess, sys
subprocess.check_call([sys.executable, '-m', 'pip', 'install', '--no-index', '--quiet', '/local/kept-1.0-py3-none-any.whl'])
import kept
print(kept.word)
`

let system: System
let lab: LabPage
const name = `lab${Date.now().toString(36)}`
const fileOf = (file: string) => join(system.folder('local', name), file)

beforeAll(async () => {
  system = await openSystem()
}, 60_000)
afterAll(() => system?.close())

async function signedIn(user: { username: string; password: string }): Promise<Page> {
  const page = await system.window()
  await page.goto(system.url)
  await page.getByLabel('Username').fill(user.username)
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  return page
}

/** Then what terminals show stands in the page, for whoever does not see it, and for tests. */
async function setToBeReadAloud(): Promise<void> {
  const file = fileOf('.jupyter/lab/user-settings/@jupyterlab/terminal-extension/plugin.jupyterlab-settings')
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, '{"screenReaderMode": true}')
}

describe('JupyterLab as its template launches it', () => {
  test('has the extension in it, signed in as its owner with nothing to do', async () => {
    const user = await activeUser(system, name)
    await setToBeReadAloud()
    const client = clientOf(system, user)
    await client.call(contract.launchService, { body: { template: 'jupyterlab', values: { size: 'custom', memory: '1Gi' } } })
    const running = await until(
      'JupyterLab runs',
      async (): Promise<Service | false> => {
        const service = await client.call(contract.getService, { params: { service: 'jupyterlab' } })
        return service.state === 'Running' && service
      },
      120_000,
    )
    await reached(system, running.url ?? '', user)
    const page = await signedIn(user)
    await page.goto(running.url ?? '')
    lab = await labOn(page)
    const sidebar = await lab.sidebar()
    await sidebar.getByText(name, { exact: true }).waitFor()
    expect(await sidebar.getByRole('button', { name: 'Sign out' }).isVisible()).toBe(false)
    await sidebar.locator('[data-service="jupyterlab"][data-state="Running"]').waitFor()
    await lab.picture('in-the-cluster')
  }, 240_000)

  test('opens and saves a file by its drive with the same bytes on the host, and asks where it changed', async () => {
    await writeFile(fileOf('plan.txt'), 'one\n')
    await lab.refresh('local')
    await lab.open('local', 'plan.txt')
    const editor = lab.page.locator('.jp-FileEditor .cm-content').filter({ visible: true })
    await editor.getByText('one').waitFor()
    await editor.click()
    await lab.page.keyboard.press('ControlOrMeta+End')
    await lab.page.keyboard.type('two')
    await lab.page.keyboard.press('ControlOrMeta+s')
    await until('the bytes on the host', async () => (await readFile(fileOf('plan.txt'), 'utf8')) === 'one\ntwo')
    // JupyterLab does not begin to save what it is saving.
    await lab.page.locator('.lm-TabBar-tab.jp-mod-dirty').waitFor({ state: 'detached' })
    await writeFile(fileOf('plan.txt'), 'by a job\n')
    await lab.page.keyboard.type(' three')
    await lab.page.keyboard.press('ControlOrMeta+s')
    await lab.dialog().getByText('has changed on disk').waitFor()
    await lab.dialog().getByRole('button', { name: 'Revert' }).click()
    await editor.getByText('by a job').waitFor()
  }, 90_000)

  test('launches hello, and follows what it prints', async () => {
    const sidebar = await lab.sidebar()
    await sidebar.getByRole('button', { name: 'Launch Hello' }).click()
    const form = lab.page.getByRole('form', { name: 'Launch Hello' })
    await form.getByRole('group', { name: 'Your quota' }).getByText('for this one').first().waitFor()
    await lab.picture('launch-gauges')
    await form.getByRole('button', { name: 'Launch' }).click()
    await hello('Running').waitFor({ timeout: 60_000 })
    await lab.picture('hello-runs')
    await hello('Running').click({ button: 'right' })
    await lab.page.locator('.lm-Menu-item').filter({ hasText: 'Show Logs' }).click()
    const log = lab.page.getByRole('log', { name: 'Log of hello' })
    await log.getByText('start worker process').first().waitFor()
    await fetchFrom(lab.page, 'a-page-that-is-not-there')
    await log.getByText('a-page-that-is-not-there').first().waitFor()
    await lab.picture('log')
  }, 120_000)

  test('a terminal in it runs what is typed, is as large as it is shown, and tells how it ended', async () => {
    await lab.more('hello', 'Open Terminal')
    const screen = lab.terminal()
    await screen.getByText('$').first().waitFor()
    await lab.page.keyboard.type('echo "$((6 * 7)) $(stty size)"\r')
    const first = await sizeShown(screen)
    await lab.page.setViewportSize({ width: 1000, height: 600 })
    await until('a smaller terminal', async () => {
      await lab.page.keyboard.type('clear; echo "$((6 * 7)) $(stty size)"\r')
      const now = await sizeShown(screen)
      return now[0] < first[0] && now[1] < first[1]
    })
    await lab.picture('terminal')
    await lab.page.setViewportSize({ width: 1200, height: 800 })
    await lab.page.keyboard.type('exit 3\r')
    await screen.getByText('It ended with exit code 3. Press Enter').waitFor()
    await lab.page.keyboard.press('Enter')
    await lab.page.keyboard.type('clear; echo "new $((6 * 7))"\r')
    await screen.getByText('new 42').waitFor()
  }, 120_000)

  test('goes on with the log and tells that the shell is lost when the platform begins anew, and no line comes twice', async () => {
    const lost = lab.terminal().getByText('The connection was lost, and the shell with it.')
    const backends = ['-n', 'karvdash', '-l', 'app.kubernetes.io/component=backend']
    await system.kubectl('delete', 'pod', ...backends, '--grace-period=0', '--force')
    await lost.waitFor()
    await lab.picture('terminal-lost')
    await lab.page.getByRole('tab', { name: 'Log of hello' }).click()
    const log = lab.page.getByRole('log', { name: 'Log of hello' })
    await lab.page.getByText('The connection was lost. It goes on by itself').waitFor({ state: 'detached' })
    await until('the gate to answer', async () => (await system.fetch(`${system.url}/api/version`)).ok)
    await fetchFrom(lab.page, 'another-page-that-is-not-there')
    await log.getByText('another-page-that-is-not-there').first().waitFor()
    // All that was printed, each line once, in order.
    const printed = async () => (await system.kubectl('-n', `karvdash-${name}`, 'logs', 'deploy/hello', '-c', 'web')).trimEnd()
    const shown = async () => (await log.locator('.jp-Karvdash-logLine > :last-child').allTextContents()).join('\n')
    await until('the same lines', async () => (await shown()) === (await printed()))
  }, 120_000)

  test('opens no shell by itself when JupyterLab is opened again', async () => {
    await lab.page.reload()
    lab = await labOn(lab.page)
    await lab.sidebar()
    await hello('Running').waitFor()
    expect(await lab.page.locator('.jp-Terminal').count()).toBe(0)
  }, 90_000)

  test('stops it and resumes it, and restarts it from the palette', async () => {
    const sidebar = await lab.sidebar()
    await sidebar.getByRole('button', { name: 'Stop hello' }).click()
    await lab.dialog().getByText('Its volumes, passwords and address stay').waitFor()
    await lab.dialog().getByRole('button', { name: 'Stop' }).click()
    await hello('Stopped').waitFor()
    await sidebar.getByRole('button', { name: 'Resume hello' }).click()
    await hello('Running').waitFor({ timeout: 60_000 })
    const before = await podsOf('hello')
    await lab.command('Restart Service')
    await lab.dialog().locator('select').selectOption('hello')
    await lab.dialog().getByRole('button', { name: 'Ok' }).click()
    await lab.dialog().getByRole('button', { name: 'Restart' }).click()
    await until('other pods', async () => !(await podsOf('hello')).some((pod) => before.includes(pod)))
  }, 120_000)

  test('shows what an update changes, and updates', async () => {
    await lab.more('hello', 'Update')
    const form = lab.page.getByRole('form', { name: 'Update hello' })
    await form.getByLabel('Replicas').fill('2')
    await form.getByRole('button', { name: 'Show what changes' }).click()
    await lab.page.getByText('+  replicas: 2').waitFor()
    await lab.picture('update')
    await lab.page.getByRole('button', { name: 'Apply' }).click()
    await until('two pods', async () => (await podsOf('hello')).length === 2)
    await hello('Running').waitFor({ timeout: 60_000 })
  }, 120_000)

  test('deletes it, after saying what goes', async () => {
    await lab.more('hello', 'Delete')
    await lab.dialog().getByText('1 ConfigMap').waitFor()
    await lab.picture('deletion')
    await lab.dialog().getByRole('button', { name: 'Delete' }).click()
    await lab.page.locator('[data-service="hello"]').waitFor({ state: 'detached' })
  }, 120_000)

  test('finds what pip installed at once, and again after it was stopped and resumed', async () => {
    const inLab = (...command: string[]) => system.kubectlAs(name, 'exec', 'deploy/jupyterlab', '--', ...command)
    await inLab('python', '-c', makesWheel)
    expect(await inLab('python', '-c', installsAsKernel)).toContain('still here')
    const client = clientOf(system, { username: name, password: `the password of ${name}` })
    const params = { service: 'jupyterlab' }
    await client.call(contract.stopService, { params })
    await client.call(contract.resumeService, { params })
    await until('it to run again', async () => (await client.call(contract.getService, { params })).state === 'Running', 120_000)
    expect(await inLab('python', '-c', 'import kept; print(kept.word)')).toContain('still here')
  }, 180_000)
})

function hello(state: string) {
  return lab.page.locator(`[data-service="hello"][data-state="${state}"]`)
}

async function podsOf(service: string): Promise<string[]> {
  const query = ['get', 'pods', '-l', `karvdash.io/service=${service}`, '-o', 'name']
  return (await system.kubectl('-n', `karvdash-${name}`, ...query)).trim().split('\n')
}

/** Asks the service for a page as its owner does in the browser; whether it is there does not matter. */
async function fetchFrom(page: Page, path: string): Promise<void> {
  const opened = page.waitForEvent('popup')
  await (await lab.sidebar()).getByRole('button', { name: 'Open hello' }).click()
  const popup = await opened
  await popup.waitForURL(/hello-/)
  const { href } = new URL(path, popup.url())
  // The ingress controller learns a moment after the platform who is there to answer, and says meanwhile itself that nobody is.
  await until('the service itself to answer', async () => (await (await popup.goto(href))?.text())?.includes('nginx'))
  await popup.close()
}

/** Rows and columns, as the shell in the terminal tells them. */
async function sizeShown(screen: Locator): Promise<[number, number]> {
  return until('the size', async () => {
    const told = /^42 (\d+) (\d+)/m.exec((await screen.allInnerTexts()).join('\n'))
    return told ? ([Number(told[1]), Number(told[2])] as [number, number]) : undefined
  })
}
