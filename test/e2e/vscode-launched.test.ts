import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import { runPod } from '../support/pods.ts'
import { activeUser, basic, clientOf, openSystem, reached, type System, until } from '../support/system.ts'
import { type Workbench, workbench } from '../support/workbench.ts'

let system: System
let carol: { username: string; password: string }
let window: Workbench

beforeAll(async () => {
  system = await openSystem()
  carol = await activeUser(system, `carol${Date.now().toString(36)}`)
}, 60_000)
afterAll(() => system?.close())

const onHost = (name: string) => join(system.folder('local', carol.username), name)
const states = async () => (await clientOf(system, carol).call(contract.listServices)).items

describe('the VS Code that Karvdash launches', () => {
  test('runs, and its address opens after signing in at the dashboard', async () => {
    await writeFile(onHost('notes.txt'), 'from the host\n')
    await clientOf(system, carol).call(contract.launchService, {
      body: { template: 'vscode', values: { size: 'custom', memory: '1Gi' } },
    })
    const { url } = await until(
      'VS Code to run',
      async () => {
        const [service] = await states()
        if (service?.state === 'Failed') throw new Error(service.reason)
        return service?.state === 'Running' && service
      },
      180_000,
    )
    await reached(system, url ?? '', carol)
    const page = await system.window()
    await page.goto(url ?? '')
    await page.getByLabel('Username').fill(carol.username)
    await page.getByLabel('Password').fill(carol.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    window = await workbench(page, 60_000)
  }, 300_000)

  test('has the domains as folders, and is signed in without anybody doing anything', async () => {
    await window.page.locator('.statusbar-item', { hasText: carol.username }).waitFor()
    for (const domain of ['local', 'remote', 'shared']) await window.row(domain).waitFor()
    await window.picture('vscode-launched')
    await window.row('notes.txt').dblclick()
    await window.page.locator('.editor-instance .monaco-editor .view-line').first().waitFor()
    await window.type('and from VS Code')
    await window.save()
    await until('the bytes on the host', async () => (await readFile(onHost('notes.txt'), 'utf8')).endsWith('and from VS Code'))
  })

  test('launches a service, and watches it start', async () => {
    await window.page.locator('.activitybar .action-label[aria-label^="Karvdash"]').click()
    await window.command('Karvdash: Launch Service')
    await window.choose('Hello')
    for (const question of ['Name', 'Greeting', 'Replicas']) await window.answer(question)
    await window.row('hello, Running').waitFor()
    await window.picture('vscode-launched-services')
  })

  test('gives a shell in a service, with the folders in it, and says how it ended', async () => {
    await window.command('Karvdash: Open Terminal')
    await window.choose('hello')
    await window.page.locator('.terminal-wrapper.active .xterm.focus').waitFor()
    await window.page.keyboard.type('(echo $((6*7)); stty size; hostname) > /local/shell.txt; cat /local/shell.txt; exit 3\n')
    await window.page.getByText('exit code: 3').first().waitFor()
    await window.picture('vscode-launched-terminal')
    const [answer, size = '', host] = (await readFile(onHost('shell.txt'), 'utf8')).split('\n')
    const [rows = 0, columns = 0] = size.split(' ').map(Number)
    expect([answer, host, rows > 5 && columns > 40]).toEqual(['42', expect.stringMatching(/^hello-/), true])
  })

  test('follows the log of a service', async () => {
    await window.command('Karvdash: Show Logs')
    await window.choose('hello')
    await window.page.locator('.tab.active', { hasText: 'hello.log' }).waitFor()
    const log = window.page.locator('.editor-instance .monaco-editor .view-lines')
    await log.getByText('start worker process').first().waitFor()
    await reached(system, system.serviceUrl('hello', carol.username), carol)
    const marker = `/seen-${Date.now().toString(36)}`
    await system.fetch(system.serviceUrl('hello', carol.username) + marker, { headers: basic(carol) })
    await log.getByText(marker).first().waitFor()
    await window.picture('vscode-launched-logs')
  })

  test('deletes it', async () => {
    await window.command('Karvdash: Delete Service')
    await window.choose('hello')
    await window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click()
    await window.row('hello').waitFor({ state: 'detached' })
    expect((await states()).map(({ template }) => template)).toEqual(['vscode'])
  })

  test("opens to nobody who reaches its pod's address without the secret of its launch", async () => {
    const [service] = await states()
    const address = await system.kubectl(
      'get',
      'service',
      service?.name ?? '',
      '-n',
      `karvdash-${carol.username}`,
      '-o',
      'jsonpath={.spec.clusterIP}',
    )
    const script = `node -e "fetch('http://${address}/').then(({ status }) => console.log('status', status))"`
    const image = 'docker.io/library/node:24-bookworm-slim'
    const answer = await runPod(system, { user: carol.username, name: 'knock', script, image })
    expect(answer).toContain('status 401')
  })
})
